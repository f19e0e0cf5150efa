import { run } from './cli.ts';
import { EXIT_CODES } from './commands/runtime.ts';
import { TOKEN_VARIABLES } from './config/environment-tokens.ts';
import { TLS_VARIABLE } from './config/tls-variable.ts';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

let handlers = 0;
// A container runs its program as process 1, and the kernel ignores signals to it that have no listener.
if (process.pid === 1) {
  for (const signal of SIGNALS) process.on(signal, () => handlers === 0 && process.exit(EXIT_CODES[signal]));
}

// A child process and a crash report must not hold the tokens.
const env = { ...process.env };
for (const variable of Object.values(TOKEN_VARIABLES)) delete process.env[variable];
delete process.env[TLS_VARIABLE];

/** Runs the command of this process. Without a listener, a signal ends the process as usual. */
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
// Open sockets and a waiting stdin would keep a finished run alive, and the orchestrator waits a minute at most.
process.exit(code);
