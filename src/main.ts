import { run } from './cli.ts';
import { EXIT_CODES } from './commands/runtime.ts';
import { TOKEN_VARIABLES } from './config/environment-tokens.ts';
import { TLS_VARIABLE } from './config/tls-variable.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

let handlers = 0;
// The kernel spares process 1, as which a container runs its program, every signal that it has no listener for.
if (process.pid === 1) {
  for (const signal of SIGNALS) process.on(signal, () => handlers === 0 && process.exit(EXIT_CODES[signal]));
}

// What the process starts, or leaves behind when it crashes, has no use for the tokens.
const env = { ...process.env };
for (const variable of Object.values(TOKEN_VARIABLES)) delete process.env[variable];
delete process.env[TLS_VARIABLE];

/** Runs the command of this process. Without a listener a signal ends it like every process. */
const code = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env,
  cwd: process.cwd(),
  onSignal(handler) {
    handlers += 1;
    const listeners = SIGNALS.map((signal) => {
      const listener = (): void => handler(signal);
      process.on(signal, listener);
      return () => process.off(signal, listener);
    });
    return () => {
      handlers -= 1;
      for (const off of listeners) off();
    };
  },
});
// Sockets and a waiting stdin must not keep a finished run alive: the orchestrator waits a minute for the exit code.
process.exit(code);
