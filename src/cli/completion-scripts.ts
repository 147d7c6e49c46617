import type { OptionModel, ProgramModel, Shell, Words } from './completion-model.ts';

/** The script for each shell; none needs a package of completions. */
export const COMPLETIONS: Readonly<Record<Shell, (program: ProgramModel) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

const spellings = ({ name, short }: OptionModel): string[] =>
  short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`];

/** In single quotes, for all three shells; fish alone obeys backslashes there. */
const quoted = (text: string, isFish = false): string =>
  isFish
    ? `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
    : `'${text.replaceAll("'", "'\\''")}'`;

function bashCompletion({ options, commands }: ProgramModel): string {
  const names = commands.map(({ name }) => name).join(' ');
  const tables = [{ name: '', options, args: [] as readonly Words[] }, ...commands];
  return `# bash completion for runts, made by "runts completion bash"

_runts_words() { # words that may stand here
  COMPREPLY+=($(compgen -W "$1" -- "$cur"))
}

_runts_containers() {
  local root=() at
  for ((at = 1; at < COMP_CWORD; at++)); do
    [[ \${COMP_WORDS[at]} == --root ]] && root=(--root "\${COMP_WORDS[at + 1]}")
  done
  _runts_words "$(runts "\${root[@]}" list --quiet 2>/dev/null)"
}

_runts_value() { # command, option that takes a value
  case "$1 $2" in
${bashValues(tables)}
    *) return 1 ;;
  esac
  return 0 # compgen finds nothing: no failure
}

_runts() {
  local cur=\${COMP_WORDS[COMP_CWORD]} command= at count=0 word
  COMPREPLY=()
  for ((at = 1; at < COMP_CWORD; at++)); do
    word=\${COMP_WORDS[at]}
    if [[ $word == -* ]]; then
      # The value of an option is no argument.
      _runts_value "$command" "$word" && ((++at))
      COMPREPLY=()
    elif [[ -z $command ]]; then
      command=$word
    else
      ((++count))
    fi
  done
  ((at > COMP_CWORD)) && { _runts_value "$command" "\${COMP_WORDS[COMP_CWORD - 1]}"; return; }
  case "$command" in
    '') [[ $cur == -* ]] && _runts_words ${quoted(optionWords(options))} || _runts_words ${quoted(names)} ;;
${commands
  .map(({ name, options: own, args }) => {
    const places = args.map((words, index) => `${index}) ${bashWords(words, names)} ;;`).join(' ');
    const rest = args.length === 0 ? ':' : `case $count in ${places} esac`;
    return `    ${name}) [[ $cur == -* ]] && _runts_words ${quoted(optionWords(own))} || ${rest} ;;`;
  })
  .join('\n')}
  esac
}

complete -o default -F _runts runts
`;
}

const optionWords = (options: readonly OptionModel[]): string =>
  options.flatMap(spellings).join(' ');

function bashValues(
  tables: readonly { readonly name: string; readonly options: readonly OptionModel[] }[],
): string {
  return tables
    .flatMap(({ name, options }) =>
      options.flatMap((option) => {
        if (option.value === undefined) return [];
        const patterns = spellings(option).map((word) => quoted(`${name} ${word}`));
        return [`    ${patterns.join(' | ')}) ${bashWords(option.value, '')} ;;`];
      }),
    )
    .join('\n');
}

function bashWords(words: Words, commands: string): string {
  switch (words.are) {
    case 'directories':
      return 'COMPREPLY+=($(compgen -d -- "$cur"))';
    case 'files':
      return 'COMPREPLY+=($(compgen -f -- "$cur"))';
    case 'containers':
      return '_runts_containers';
    case 'commands':
      return `_runts_words ${quoted(commands)}`;
    case 'choices':
      return `_runts_words ${quoted(words.list.join(' '))}`;
    case 'text':
      return ':';
    default:
      return words satisfies never;
  }
}

function zshCompletion({ options, commands }: ProgramModel): string {
  const list = commands
    .map(({ name, summary }) => `    ${quoted(`${name}:${summary}`)}`)
    .join('\n');
  return `#compdef runts
# zsh completion for runts, made by "runts completion zsh"

_runts_containers() {
  local -a ids root
  [[ -n $runts_root ]] && root=(--root $runts_root)
  ids=(\${(f)"$(runts $root list --quiet 2>/dev/null)"})
  compadd -a ids
}

_runts_commands() {
  local -a commands=(
${list}
  )
  _describe -t commands 'command' commands
}

_runts() {
  local curcontext=$curcontext state line
  typeset -A opt_args
  _arguments -C \\
${options.map(zshOption).join('')}    '1:command:_runts_commands' \\
    '*::argument:->arguments'
  [[ $state == arguments ]] || return
  local runts_root=\${opt_args[--root]} # the next call begins its options anew
  case $line[1] in
${commands
  .map(({ name, options: own, args }) => {
    const places = args.map((words, index) => `'${index + 1}:${words.are}:${zshWords(words)}'`);
    const specs = [...own.map(zshOption), ...places.map((place) => `    ${place} \\\n`)].join('');
    return `    ${name}) _arguments \\\n${specs}    ;;`.replace(' \\\n    ;;', '\n    ;;');
  })
  .join('\n')}
  esac
}

if [[ $funcstack[1] == _runts ]]; then _runts "$@"; else compdef _runts runts; fi
`;
}

function zshOption(option: OptionModel): string {
  const { name, short, help, value } = option;
  const text = `[${help.replaceAll(/[[\]\\]/g, '\\$&')}]`.replaceAll("'", "'\\''");
  const words = value === undefined ? '' : `:${value.are}:${zshWords(value)}`;
  const spec =
    short === undefined
      ? `'--${name}${text}${words}'`
      : `'(-${short} --${name})'{-${short},--${name}}'${text}${words}'`;
  return `    ${spec} \\\n`;
}

function zshWords(words: Words): string {
  switch (words.are) {
    case 'directories':
      return '_files -/';
    case 'files':
      return '_files';
    case 'containers':
      return '_runts_containers';
    case 'commands':
      return '_runts_commands';
    case 'choices':
      return `(${words.list.join(' ')})`;
    case 'text':
      return ' ';
    default:
      return words satisfies never;
  }
}

function fishCompletion({ options, commands }: ProgramModel): string {
  const names = commands.map(({ name }) => name).join(' ');
  const lines = [
    '# fish completion for runts, made by "runts completion fish"',
    '',
    `set -l commands ${names}`,
    '',
    'function __runts_containers',
    '    set -l words (commandline -opc)',
    '    set -l root',
    '    if set -l at (contains -i -- --root $words)',
    '        set root --root $words[(math $at + 1)]',
    '    end',
    '    runts $root list --quiet 2>/dev/null',
    'end',
    '',
    'complete -c runts -f',
  ];
  const top = '-n "not __fish_seen_subcommand_from $commands"';
  for (const option of options) lines.push(`complete -c runts ${top} ${fishOption(option)}`);
  for (const { name, summary } of commands) {
    lines.push(`complete -c runts ${top} -a ${name} -d ${quoted(summary, true)}`);
  }
  for (const { name, options: own, args } of commands) {
    const here = `-n "__fish_seen_subcommand_from ${name}"`;
    for (const option of own) lines.push(`complete -c runts ${here} ${fishOption(option)}`);
    for (const words of args) {
      const shown = fishWords(words, names);
      if (shown !== '') lines.push(`complete -c runts ${here} ${shown}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

function fishOption(option: OptionModel): string {
  const { name, short, help, value } = option;
  const parts = [`-l ${name}`, ...(short === undefined ? [] : [`-s ${short}`])];
  if (value !== undefined) parts.push(value.are === 'files' ? '-r' : '-x', fishWords(value, ''));
  parts.push(`-d ${quoted(help, true)}`);
  return parts.filter((part) => part !== '').join(' ');
}

function fishWords(words: Words, commands: string): string {
  switch (words.are) {
    case 'directories':
      return "-a '(__fish_complete_directories)'";
    case 'files':
      return '-F';
    case 'containers':
      return "-a '(__runts_containers)'";
    case 'commands':
      return `-a ${quoted(commands, true)}`;
    case 'choices':
      return `-a ${quoted(words.list.join(' '), true)}`;
    case 'text':
      return '';
    default:
      return words satisfies never;
  }
}
