import { run } from './cli.ts';

/** Runs the command of this process. Without a listener a signal ends it, as any process. */
const code = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: process.cwd(),
  onSignal(handler) {
    const listeners = (['SIGTERM', 'SIGINT'] as const).map((signal) => {
      const listener = (): void => handler(signal);
      process.on(signal, listener);
      return () => process.off(signal, listener);
    });
    return () => {
      for (const off of listeners) off();
    };
  },
});
// Sockets and a waiting stdin must not keep a finished run alive: the orchestrator waits a minute for the exit code.
process.exit(code);
