import { SpecError } from './failure.ts';
import { type JsonDocument, parseJson } from './json.ts';
import type { Process, Spec } from './types.ts';
import { findFailures } from './validate.ts';

const PLACE = '/process';

/**
 * Turns the bytes of a process, as `exec --process` takes one, into a validated one: a configuration is made around
 * it, so that everything that holds for `process` in config.json holds here.
 *
 * @param file what messages call it
 * @param spec of the container: its user namespace decides which ids there are
 * @throws RuntimeError where it is not JSON
 * @throws SpecError with every failure
 */
export function parseProcess(bytes: Uint8Array, file: string, { linux }: Spec): Process {
  const document = parseJson(bytes, file);
  const around: Record<string, unknown> = {
    ociVersion: '1.0.0',
    root: { path: '/' },
    linux: {
      namespaces: linux?.namespaces ?? [],
      ...(linux?.uidMappings && { uidMappings: linux.uidMappings }),
      ...(linux?.gidMappings && { gidMappings: linux.gidMappings }),
    },
    process: document.value,
  };
  const whole: JsonDocument = { ...document, text: document.text, value: around, locate };
  function locate(pointer: string) {
    return document.locate(pointer.startsWith(PLACE) ? pointer.slice(PLACE.length) : '');
  }
  const failures = findFailures(whole).map((failure) => ({
    ...failure,
    pointer: failure.pointer.startsWith(PLACE)
      ? failure.pointer.slice(PLACE.length)
      : failure.pointer,
  }));
  if (failures.length > 0) throw new SpecError(document, failures);
  return document.value as Process;
}
