import type { Route } from '../../mapping/route.ts';

/** Tells the guard whether a delete that it allowed deleted anything. */
export type DeleteEnded = (deleted: boolean) => void;

/**
 * Called before each delete. `absent` where the limit is reached and there is nothing to delete; throws
 * a `ConfigError` where there is. `isThere` is asked only then.
 */
export type BeforeDelete = (route: Route, isThere: () => Promise<boolean>) => Promise<DeleteEnded | 'absent'>;
