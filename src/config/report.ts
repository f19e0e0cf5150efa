/**
 * Takes down a fault and lets the search for others go on. `path` is a JSON pointer into the config; `message`
 * says what to write instead and never quotes a value of the config.
 */
export type Report = (path: string, message: string) => void;
