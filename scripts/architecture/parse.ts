/** Reads out of a source file what the rules of the architecture look at. */
import { type Expression, type Program, parseSync, Visitor } from 'oxc-parser';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** `type`: erased, never loaded; `value`: loaded with the file; `lazy`: loaded when the line is reached. */
  readonly kind: 'type' | 'value' | 'lazy';
}

/** A name at a place: `process.exit`, `new Date`, `fetch()`, `counter`. */
export interface Mention {
  readonly name: string;
  readonly line: number;
}

export interface SourceFile {
  readonly path: string;
  readonly lineCount: number;
  readonly imports: readonly Import[];
  /** Members of objects (`process.exit`), calls (`process.cwd()`, `fetch()`), constructions (`new Date`). */
  readonly mentions: readonly Mention[];
  /** Variables at the top level that can be assigned again. */
  readonly variables: readonly Mention[];
}

/**
 * @param path used in messages; its ending says what language it is
 * @throws {Error} when the file does not parse
 */
export function parseSource(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path}: ${error.message}`);
  const imports: Import[] = [];
  const mentions: Mention[] = [];
  const lineOf = lineFinder(text);

  const addImport = (source: object, start: number, kind: Import['kind']): void => {
    const isText = 'value' in source && typeof source.value === 'string';
    imports.push({
      specifier: isText ? `${source.value}` : '(computed)',
      line: lineOf(start),
      kind,
    });
  };
  new Visitor({
    ImportDeclaration: ({ source, start, importKind }) =>
      addImport(source, start, importKind === 'type' ? 'type' : 'value'),
    ExportNamedDeclaration: ({ source, start, exportKind }) => {
      if (source !== null) addImport(source, start, exportKind === 'type' ? 'type' : 'value');
    },
    ExportAllDeclaration: ({ source, start, exportKind }) =>
      addImport(source, start, exportKind === 'type' ? 'type' : 'value'),
    ImportExpression: ({ source, start }) => addImport(source, start, 'lazy'),
    TSImportType: ({ source, start }) => addImport(source, start, 'type'),
    CallExpression: ({ callee, arguments: [first], start }) => {
      if (callee.type === 'Identifier' && callee.name === 'require' && first !== undefined) {
        addImport(first, start, 'lazy');
      }
      const name = callee.type === 'Identifier' ? callee.name : memberName(callee);
      if (name !== undefined) mentions.push({ name: `${name}()`, line: lineOf(start) });
    },
    MemberExpression: (node) => {
      const name = memberName(node);
      if (name !== undefined) mentions.push({ name, line: lineOf(node.start) });
    },
    NewExpression: ({ callee, start }) => {
      if (callee.type === 'Identifier') {
        mentions.push({ name: `new ${callee.name}`, line: lineOf(start) });
      }
    },
  }).visit(program);

  return {
    path,
    lineCount: text.split('\n').length - (text.endsWith('\n') ? 1 : 0),
    imports,
    mentions,
    variables: topLevelVariables(program, lineOf),
  };
}

function memberName(node: Expression): string | undefined {
  if (node.type !== 'MemberExpression' || node.object.type !== 'Identifier') return undefined;
  const { object, property, computed } = node;
  if (property.type === 'Identifier' && !computed) return `${object.name}.${property.name}`;
  const isText = property.type === 'Literal' && typeof property.value === 'string';
  return isText ? `${object.name}.${property.value}` : undefined;
}

function topLevelVariables(program: Program, lineOf: (offset: number) => number): Mention[] {
  const declarations = program.body.map((statement) =>
    statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement,
  );
  return declarations.flatMap((declaration) => {
    if (declaration?.type !== 'VariableDeclaration' || declaration.declare) return [];
    if (declaration.kind !== 'let' && declaration.kind !== 'var') return [];
    return declaration.declarations.map(({ id, start }) => ({
      name: id.type === 'Identifier' ? id.name : '(pattern)',
      line: lineOf(start),
    }));
  });
}

function lineFinder(text: string): (offset: number) => number {
  return (offset) => text.slice(0, offset).split('\n').length;
}
