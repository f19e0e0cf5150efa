import { findNodeAtLocation, type JSONPath, parseTree } from 'jsonc-parser';
import type { Position } from './syntax-fault.ts';

/**
 * Where in a JSON text the values at some paths begin, in the order of the paths. `undefined` where there is none, and
 * for a text nested too deeply to be looked through.
 */
export function positionsOf(text: string, paths: readonly JSONPath[]): readonly (Position | undefined)[] {
  const root = treeOf(text);
  return paths.map((path) => {
    const node = root === undefined ? undefined : findNodeAtLocation(root, path);
    if (node === undefined) return undefined;
    const before = text.slice(0, node.offset).split('\n');
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  });
}

function treeOf(text: string) {
  try {
    return parseTree(text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
