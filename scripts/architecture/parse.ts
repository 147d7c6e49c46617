/** Reads out of a source file what the rules of the architecture look at. */
import { parseSync, Visitor } from 'oxc-parser';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** `type`: erased, never loaded; `value`: loaded with the file; `lazy`: loaded when the line is reached. */
  readonly kind: 'type' | 'value' | 'lazy';
}

/** A global object, or a member of one: `process.exit`, `console.log`, `Bun`. */
export interface GlobalUse {
  readonly name: string;
  readonly line: number;
}

export interface SourceFile {
  readonly path: string;
  readonly lineCount: number;
  readonly imports: readonly Import[];
  readonly globals: readonly GlobalUse[];
  /** Variables at the top level that can be assigned again. */
  readonly variables: readonly GlobalUse[];
}

const WATCHED_GLOBALS = new Set([
  'process',
  'console',
  'Bun',
  'globalThis',
  'Date',
  'Math',
  'fetch',
]);

/**
 * @param path used in messages; its ending says what language it is
 * @throws {Error} when the file does not parse
 */
export function parseSource(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  const imports: Import[] = [];
  const globals: GlobalUse[] = [];
  const lineOf = lineFinder(text);
  const shadowed = importedNames(program.body);

  const add = (source: unknown, start: number, kind: Import['kind']): void => {
    const literal = source as { type: string; value?: unknown };
    const isPlain = literal.type === 'Literal' && typeof literal.value === 'string';
    imports.push({
      specifier: isPlain ? String(literal.value) : '(computed)',
      line: lineOf(start),
      kind,
    });
  };
  new Visitor({
    ImportDeclaration: (node) =>
      add(node.source, node.start, node.importKind === 'type' ? 'type' : 'value'),
    ExportNamedDeclaration: (node) => {
      if (node.source !== null) {
        add(node.source, node.start, node.exportKind === 'type' ? 'type' : 'value');
      }
    },
    ExportAllDeclaration: (node) =>
      add(node.source, node.start, node.exportKind === 'type' ? 'type' : 'value'),
    ImportExpression: (node) => add(node.source, node.start, 'lazy'),
    TSImportType: (node) => add(node.source, node.start, 'type'),
    CallExpression: (node) => {
      if (
        node.callee.type === 'Identifier' &&
        node.callee.name === 'require' &&
        node.arguments[0]
      ) {
        add(node.arguments[0], node.start, 'lazy');
      }
    },
    MemberExpression: (node) => {
      if (node.object.type !== 'Identifier' || !WATCHED_GLOBALS.has(node.object.name)) return;
      const property =
        node.property.type === 'Identifier' && !node.computed ? node.property.name : '*';
      globals.push({ name: `${node.object.name}.${property}`, line: lineOf(node.start) });
    },
    NewExpression: (node) => {
      if (node.callee.type === 'Identifier' && WATCHED_GLOBALS.has(node.callee.name)) {
        globals.push({ name: `new ${node.callee.name}`, line: lineOf(node.start) });
      }
    },
  }).visit(program);

  return {
    path,
    lineCount: text.split('\n').length - 1,
    imports,
    globals: globals.filter(({ name }) => !shadowed.has(name.split('.')[0] ?? '')),
    variables: topLevelVariables(program.body, lineOf),
  };
}
