import { describe, expect, test } from 'vitest';
import { compileTemplate, type Rendered } from '../../../../src/config/template/template.ts';
import type { JsonObject, JsonValue } from '../../../../src/json/json.ts';

function rendered(text: string, row: JsonObject = {}): Rendered {
  const compiled = compileTemplate(text);
  if ('fault' in compiled) throw new Error(compiled.fault);
  return compiled.render(row);
}

const A_MEGABYTE = 'a'.repeat(1_000_000);
const DOUBLED = '{% for i in (1..100) %}{% assign s = s | append: s %}{% endfor %}{{ s }}';
const FEW_DOUBLED = '{% for i in (1..16) %}{% assign s = s | append: s %}{% endfor %}';

/** Each would take hours or gigabytes if it were rendered to its end. */
describe('no template takes more than its share of time and memory', () => {
  test.each<[string, string, JsonObject?]>([
    ['a range of a billion', '{% for i in (1..1000000000) %}x{% endfor %}'],
    ['a range that a row makes long', '{% for i in (1..n) %}x{% endfor %}', { n: 1e12 }],
    ['loops in loops', `${'{% for i in (1..10000) %}'.repeat(4)}${'{% endfor %}'.repeat(4)}`],
    ['a text that doubles', `{% assign s = "x" %}${DOUBLED}`],
    [
      'a list of one long text, many times',
      `{% assign s = "0123456789" %}${FEW_DOUBLED}{% assign a = s | split: "," %}${'{% assign a = a | concat: a %}'.repeat(12)}{{ a }}`,
    ],
    [
      'a list in itself',
      `{% assign a = "x" | split: "," %}${'{% assign a = a | push: a %}'.repeat(60)}{{ a }}`,
    ],
    ['a text written many times', `{% for i in (1..9000) %}${'y'.repeat(9_000)}{% endfor %}`],
    [
      'a text captured many times',
      `{% capture c %}{% for i in (1..9000) %}${'y'.repeat(9_000)}{% endfor %}{% endcapture %}`,
    ],
    ['a pattern of many', '{% if x contains y %}{% endif %}', { x: A_MEGABYTE, y: `b${A_MEGABYTE}` }],
    ['a pattern replaced', '{{ x | replace: y, "" }}', { x: A_MEGABYTE, y: `b${A_MEGABYTE}` }],
    ['a format of many dates', '{{ d | date: f }}', { d: '2024-01-01', f: '%A'.repeat(100_000) }],
    ['a path of many steps', '{{ a | map: p }}', { a: Array(9_000).fill(1), p: 'a.'.repeat(9_000) }],
    ['a wide date', '{{ d | date: "%999999999d" }}', { d: '2024-01-01' }],
  ])('%s', (_, text, row) => {
    expect(rendered(text, row)).toMatchObject({
      kind: 'failed',
      problem: expect.stringMatching(/^takes more than 4,000,000 steps and characters/),
    });
  });

  test('a range beyond 2^53, where adding one changes nothing', () => {
    const ends = '(100000000000000000..100000000000000100)';
    for (const text of [
      `{% for i in ${ends} %}{% endfor %}`,
      `{{ ${ends}.size }}`,
      `{% tablerow i in ${ends} %}{% endtablerow %}`,
    ]) {
      expect(rendered(text)).toMatchObject({
        kind: 'failed',
        problem: expect.stringContaining('fails at this row'),
      });
    }
    expect(rendered('{{ a | where: p }}', { a: [1], p: `[${ends}]` }).kind).toBe('failed');
  });

  test('many comparisons that cost little each are ended by the clock', () => {
    const text = `{% for i in (1..19000) %}{% case a %}${'{% when b %}'.repeat(1_500)}{% endcase %}{% endfor %}`;
    expect(rendered(text, { a: '1', b: '2' })).toMatchObject({
      kind: 'failed',
      problem: 'takes longer than 500 ms for this row',
    });
  });

  test('a result of more than a million characters', () => {
    const text = '{{ x }}{{ x }}';
    expect(rendered(text, { x: A_MEGABYTE })).toMatchObject({
      kind: 'failed',
      problem: 'makes more than 1,000,000 characters of this row',
    });
  });

  test("an indent doesn't make a large text of a small value", () => {
    let nested: JsonValue = 1;
    for (let level = 0; level < 90; level++) nested = [nested, 1];
    const result = rendered('{{ x | json: 10 }}', { x: nested });
    expect(result.kind === 'text' && result.text.length).toBeLessThan(500);
  });

  test('a value that is nested too deeply', () => {
    let nested: JsonValue = 1;
    for (let level = 0; level < 5_000; level++) nested = [nested];
    expect(rendered('{{ x }}', { x: nested })).toMatchObject({
      problem: expect.stringContaining('nested too deeply'),
    });
    expect(rendered('{{ y }}', { x: nested, y: 1 })).toEqual({ kind: 'text', text: '1' });
  });
});

describe('a template that fails', () => {
  test.each<[string, JsonValue]>([
    ['{{ x | url_decode }}', '%marker'],
    ['{{ "2024-01-01" | date: "%Y", x }}', 'Marker/Zone'],
    ['{{ x | base64_decode }}', 'marker!'],
    ['{{ x | upcase }}', { toString: 'marker' }],
  ])('%s names the part, and nothing of the row', (text, x) => {
    const result = rendered(`Dear\n${text}`, { x });
    expect(result).toMatchObject({
      kind: 'failed',
      problem: `fails at this row in ${text} (line 2, column 1)`,
    });
    expect(JSON.stringify(result).toLowerCase()).not.toContain('marker');
  });
});
