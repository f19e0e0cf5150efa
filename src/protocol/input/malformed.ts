import { ProtocolError } from '../../errors/protocol-error.ts';
import type { StreamDescriptor } from '../messages.ts';
import { shownName } from './shown-name.ts';

/** A line that holds a RECORD or STATE and can't be read as one message. */
export interface Malformation {
  /** 1-based. */
  readonly line: number;
  /** Its stream, where that can be read. */
  readonly stream?: StreamDescriptor | undefined;
  /** The row's column at fault, where that can be told. */
  readonly column?: string | undefined;
  /** What is wrong, after `line 4 `, e.g. `is a RECORD without data`; never a value of a row. */
  readonly what: string;
  /** What the writer of the input must change. */
  readonly remedy: string;
  readonly technical?: string;
}

/** The error that ends the run at such a line: a run that went on without it would count wrongly. */
export function malformed(fault: Malformation): ProtocolError {
  const { line, stream, column, what, remedy } = fault;
  const places = [
    ...(stream === undefined ? [] : [`stream ${titleOfStream(stream)}`]),
    ...(column === undefined ? [] : [`column ${shownName(column)}`]),
  ];
  const place = places.length === 0 ? '' : ` (${places.join(', ')})`;
  const message =
    `line ${line}${place} ${what}. The fault is in what writes the input: the source, or a program that passes its output on. ` +
    `${remedy} Nothing from line ${line} on is read.`;
  return new ProtocolError(message, {
    technical: fault.technical ?? `malformed line ${line}: ${what}`,
    ...(stream !== undefined && { stream }),
  });
}

export function titleOfStream({ name, namespace }: StreamDescriptor): string {
  return namespace === undefined
    ? shownName(name)
    : `${shownName(name)} of namespace ${shownName(namespace)}`;
}
