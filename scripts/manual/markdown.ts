import type { Listed, Page } from './pages.ts';

/** @returns the page as Markdown, for reading in the repository */
export function toMarkdown(page: Page): string {
  const { name, summary, synopsis, description, commands, options, exitStatus } = page;
  const sections: readonly (readonly [heading: string, text: string])[] = [
    ['Name', `${name} – ${plain(summary)}`],
    ['Synopsis', `    ${synopsis}`],
    ['Description', description.map(plain).join('\n\n')],
    ['Commands', list(commands, (term) => `[${term}](runts-${term}.1.md)`)],
    ['Options', list(options, (term) => `\`${term}\``)],
    ['Exit status', plain(exitStatus)],
    [
      'Examples',
      page.examples.map(({ command, what }) => `    # ${what}\n    ${command}`).join('\n\n'),
    ],
    ['See also', page.seeAlso.map((other) => `[${other}(1)](${other}.1.md)`).join(', ')],
  ];
  const body = sections
    .filter(([, text]) => text !== '')
    .map(([heading, text]) => `## ${heading}\n\n${text}\n`);
  const made = '<!-- Made by scripts/generate-manual.ts from src/cli. Not to be edited. -->';
  return `${made}\n\n# ${name}(1)\n\n${body.join('\n')}`;
}

const list = (entries: readonly Listed[], show: (term: string) => string): string =>
  entries.map(({ term, meaning }) => `- ${show(term)}: ${plain(meaning)}`).join('\n');

/** What Markdown would take for a tag, a link or an emphasis. */
const plain = (text: string): string => text.replaceAll(/[<>*_[\]`\\]/g, '\\$&');
