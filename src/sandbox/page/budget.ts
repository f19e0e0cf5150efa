import { SLICE_MS } from '../faults/budget.ts';
import type { Api } from '../http/request-log.ts';
import type { State } from '../state.ts';
import { count, type Html, html } from './html.ts';

const WIDTH = 300;
const HEIGHT = 60;
const APIS: readonly (readonly [Api, string])[] = [
  ['rest', 'REST API'],
  ['analytics', 'Analytics API'],
];

/** What was left of each rate limit in the last five minutes, as bars. */
export function budgets(state: State): Html {
  return html`<div class="charts">${APIS.map(([api, title]) => chart(state, api, title))}</div>`;
}

function chart(state: State, api: Api, title: string): Html {
  const { perMinute } = state.rateLimit(api);
  const slices = state.budgets[api].recent(state.now());
  const asked = slices.filter((slice) => slice !== undefined);
  const refused = asked.reduce((sum, { throttled }) => sum + throttled, 0);
  const least = Math.min(perMinute, ...asked.map(({ remaining }) => remaining));
  const step = WIDTH / slices.length;
  const bars = slices.map((slice, n) => {
    const share = (slice?.remaining ?? perMinute) / perMinute;
    const high = Math.max(1, Math.round(share * HEIGHT));
    const look = slice === undefined ? 'idle' : slice.throttled > 0 ? 'refused' : 'asked';
    return html`<rect class="${look}" x="${(n * step).toFixed(1)}" y="${HEIGHT - high}" width="${(step - 1).toFixed(1)}" height="${high}"/>`;
  });
  const said =
    asked.length === 0
      ? `nothing asked in the last ${(slices.length * SLICE_MS) / 60_000} minutes; ${count(perMinute)} a minute`
      : `at least ${count(least)} of ${count(perMinute)} left in the last ${(slices.length * SLICE_MS) / 60_000} minutes, ${count(refused)} refused`;
  return html`<figure><figcaption><b>${title}</b> <span class="muted">${said}</span></figcaption><svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${title}: ${said}">${bars}</svg></figure>`;
}
