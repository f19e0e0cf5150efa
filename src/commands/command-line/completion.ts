import { EXIT_CODES, type Runtime } from '../runtime.ts';
import { COMMANDS, EVERYWHERE } from './command-table.ts';
import { NAME } from './help.ts';

/** Prints a script that completes commands, flags and file names in bash and zsh. */
export function completion({ stdout }: Pick<Runtime, 'stdout'>): number {
  stdout.write(script());
  return EXIT_CODES.succeeded;
}

function script(): string {
  const flags = (command: string): string =>
    [...Object.keys(COMMANDS[command]?.flags ?? {}), ...EVERYWHERE].map((flag) => `--${flag}`).join(' ');
  const cases = Object.keys(COMMANDS).map((command) => `    ${command}) words='${flags(command)}' ;;`);
  return `# For this shell: source <(${NAME} completion)
# For every shell: ${NAME} completion >> ~/.bashrc (or ~/.zshrc)
if [ -n "$ZSH_VERSION" ]; then
  autoload -Uz compinit bashcompinit && compinit && bashcompinit
fi
_destination_vitally() {
  local current="\${COMP_WORDS[COMP_CWORD]}" word command= words=
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "$word" in
    -*) ;;
    *)
      command="$word"
      break
      ;;
    esac
  done
  case "$command" in
${cases.join('\n')}
    *) words='${Object.keys(COMMANDS).join(' ')} --help --version' ;;
  esac
  COMPREPLY=()
  if [ -z "$command" ] || [ "\${current#-}" != "$current" ]; then
    while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$words" -- "$current")
  fi
}
complete -o default -F _destination_vitally ${NAME}
`;
}
