/** What a {@link RuntimeError} is made of; every field but the first two is left out where it does not apply. */
export interface RuntimeErrorOptions {
  /** What was tried, as a phrase: `mount ext4 on /data`. */
  readonly operation: string;
  /** What went wrong and what usually helps: lower case, no full stop. */
  readonly detail: string;
  /** JSON pointer into config.json of the value that asked for it. */
  readonly pointer?: string | undefined;
  /** Path on the host that it is about. */
  readonly path?: string | undefined;
  /** errno name, such as `EINVAL`. */
  readonly code?: string | undefined;
  readonly cause?: unknown;
}

/**
 * The one error class of the runtime: a value with fields; its message is the one line for people.
 * Nothing below the command line prints it or ends the process.
 */
export class RuntimeError extends Error {
  readonly operation: string;
  readonly detail: string;
  readonly pointer: string | undefined;
  readonly path: string | undefined;
  readonly code: string | undefined;

  constructor(options: RuntimeErrorOptions) {
    const { operation, detail, pointer, path, code, cause } = options;
    super(renderLine(options), cause === undefined ? undefined : { cause });
    this.name = 'RuntimeError';
    this.operation = operation;
    this.detail = detail;
    this.pointer = pointer;
    this.path = path;
    this.code = code;
  }
}

function renderLine({ operation, detail, pointer }: RuntimeErrorOptions): string {
  const place = pointer === undefined ? '' : `config.json ${pointer || '/'}: `;
  return operation === '' ? `${place}${detail}` : `${place}${operation}: ${detail}`;
}
