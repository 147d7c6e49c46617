import type { Listed, Page } from './pages.ts';

/** @returns the page for man(1), in the macros of man(7) */
export function toRoff(page: Page): string {
  const { name, summary, synopsis, description, commands, options, exitStatus } = page;
  const blocks: readonly (readonly [heading: string, lines: readonly string[]])[] = [
    ['NAME', [`${inert(name)} \\- ${inert(summary)}`]],
    ['SYNOPSIS', [inert(synopsis)]],
    ['DESCRIPTION', description.flatMap((text) => ['.PP', inert(text)])],
    ['COMMANDS', list(commands)],
    ['OPTIONS', list(options)],
    ['EXIT STATUS', [inert(exitStatus)]],
    [
      'EXAMPLES',
      page.examples.flatMap(({ command, what }) => [
        '.TP',
        `\\fB${inert(command)}\\fR`,
        inert(what),
      ]),
    ],
    ['SEE ALSO', [page.seeAlso.map((other) => `\\fB${inert(other)}\\fR(1)`).join(', ')]],
  ];
  return [
    '.\\" Made by scripts/generate-manual.ts from src/cli. Not to be edited.',
    `.TH ${name.toUpperCase().replaceAll('-', '\\-')} 1 "" runts runts`,
    ...blocks
      .filter(([, lines]) => lines.length > 0)
      .flatMap(([heading, lines]) => [`.SH ${heading}`, ...lines]),
    '',
  ].join('\n');
}

const list = (entries: readonly Listed[]): string[] =>
  entries.flatMap(({ term, meaning }) => ['.TP', `\\fB${inert(term)}\\fR`, inert(meaning)]);

/** A backslash begins a request, and so does a dot or a quote at the start of a line; a dash would become a hyphen. */
const inert = (text: string): string =>
  text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/^(?=[.'])/gm, '\\&');
