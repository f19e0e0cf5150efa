/** An account's or organization's id by its name, in any spelling: `account_id`, `Organisation ID`, `accountIds`. */
const PLACE_ID = /^[_\-. ]*(?:account|organi[sz]ation)[_\-. ]*ids?[_\-. ]*$/i;

export function isPlaceId(column: string): boolean {
  return PLACE_ID.test(column);
}
