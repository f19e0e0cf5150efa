import { describe, expect, test } from 'vitest';
import { compileTemplate, type Rendered, type Template } from '../../../../src/config/template/template.ts';
import { isJsonObject } from '../../../../src/json/guards.ts';
import { parseLossless } from '../../../../src/json/parse.ts';

function templateOf(text: string): Template {
  const compiled = compileTemplate(text);
  if ('fault' in compiled) throw new Error(compiled.fault);
  return compiled;
}

/** @param row JSON text, so that numbers keep their digits */
function rendered(text: string, row = '{}'): Rendered {
  const data = parseLossless(row);
  if (!isJsonObject(data)) throw new Error('no row');
  return templateOf(text).render(data);
}

function faultOf(text: string): string {
  const compiled = compileTemplate(text);
  return 'fault' in compiled ? compiled.fault : 'no fault';
}

describe('what a template makes of a row', () => {
  test.each([
    ['{{ first }} {{ last | upcase }}', '{"first":"Ann","last":"Lee"}', 'Ann LEE'],
    ['{% if seats > 100 %}large{% else %}small{% endif %}', '{"seats":250}', 'large'],
    ['{% for tag in tags %}{{ tag }};{% endfor %}', '{"tags":["a","b"]}', 'a;b;'],
    ['{% for i in (1..stars) %}*{% endfor %}', '{"stars":"3"}', '***'],
    ['{{ (1..5).size }}', '{}', '5'],
    ['{{ address }}', '{"address":{"city":"Oslo"}}', '{"city":"Oslo"}'],
    ['{{ nick | default: first }}', '{"nick":null,"first":"Ann"}', 'Ann'],
    ['[{{ gone }}]', '{}', '[]'],
  ])('%s of %s is %s', (text, row, wanted) => {
    expect(rendered(text, row)).toEqual({ kind: 'text', text: wanted });
  });

  test.each([
    ['12345678901234567890', '12345678901234567890'],
    ['1e21', '1000000000000000000000'],
    ['1.50', '1.5'],
    ['[9007199254740993]', '9007199254740993'],
  ])('the number %s is read as %s', (number, wanted) => {
    expect(rendered('{{ n }}', `{"n":${number}}`)).toEqual({ kind: 'text', text: wanted });
  });

  test.each([
    ['a time zone keeps its day', '"2024-01-01T00:30:00+02:00"', '2024-01-01'],
    ['no time zone is taken as it is', '"2024-01-01T23:30:00"', '2024-01-01'],
    ['seconds are those of UTC', '1704067200', '2024-01-01'],
  ])('a date with %s', (_, date, wanted) => {
    expect(rendered('{{ d | date: "%Y-%m-%d" }}', `{"d":${date}}`)).toEqual({ kind: 'text', text: wanted });
  });

  test.each([
    ['milliseconds', '1704067200000'],
    ['milliseconds as a text', '"1704067200000"'],
  ])('a date that is a number of %s is told from seconds as in a column of dates', (_, date) => {
    expect(rendered('{{ d | date: "%Y-%m-%d" }}', `{"d":${date}}`)).toEqual({
      kind: 'text',
      text: '2024-01-01',
    });
  });

  test.each([
    ['{{ n | plus: 1 }}', '{"n":9007199254740993}'],
    ['{{ n | times: n }}', '{"n":9007199254740991}'],
    ['{{ n | round }}', '{"n":"12345678901234567890"}'],
    ['{{ list | sum }}', '{"list":[9007199254740991,1]}'],
    ['{{ n | divided_by: zero }}', '{"n":1,"zero":0}'],
    ['{{ n | modulo: zero }}', '{"n":1,"zero":0}'],
    ['{{ n | times: 1 }}', '{"n":1e400}'],
  ])('%s of %s fails: the number that a double makes of it would be another', (text, row) => {
    expect(rendered(text, row)).toMatchObject({ kind: 'failed', problem: expect.stringContaining(text) });
  });

  test.each([
    ['{{ n | plus: 1 }}', '{"n":"41"}', '42'],
    ['{{ n | plus: 1 }}', '{"n":null}', '1'],
    ['{{ n | times: 0.1 }}', '{"n":1.5}', '0.15000000000000002'],
    ['{{ n | divided_by: 4.0 }}', '{"n":-10}', '-2.5'],
    ['{{ list | sum: "n" }}', '{"list":[{"n":1},{"n":2}]}', '3'],
    ['{{ n | abs | at_most: 5 }}', '{"n":-9007199254740991}', '5'],
  ])('%s of %s is %s', (text, row, wanted) => {
    expect(rendered(text, row)).toEqual({ kind: 'text', text: wanted });
  });

  test('columns whose names mean something in Liquid, or hold blanks, are read in brackets', () => {
    const row = '{"first name":"A","true":"B","empty":"C","for":"D"}';
    const text = '{{ ["first name"] }}{{ ["true"] }}{{ ["empty"] }}{{ for }}';
    expect(rendered(text, row)).toEqual({ kind: 'text', text: 'ABCD' });
    expect(templateOf(text).columns).toEqual(['first name', 'true', 'empty', 'for']);
  });

  test('a row does not change another', () => {
    const template = templateOf('{% increment n %}{% assign first = "x" %}{{ first }}{{ last }}');
    const rows = [{ last: 'a' }, { last: 'b' }].map((row) => template.render(row));
    expect(rows).toEqual([
      { kind: 'text', text: '0xa' },
      { kind: 'text', text: '0xb' },
    ]);
  });
});

describe('the columns of a template', () => {
  test.each([
    ['{{ a }}{% if b %}{{ c.d }}{% endif %}{{ e[f] }}', ['a', 'b', 'c', 'e', 'f']],
    ['{% assign x = a %}{{ x }}{% for i in list %}{{ i }}{{ forloop.index }}{% endfor %}', ['a', 'list']],
    ['{% for i in (low..high) %}{{ i | plus: step }}{% endfor %}', ['low', 'high', 'step']],
    ['{% assign x = x | upcase %}{{ x }}', ['x']],
    ['{% capture c %}{{ a }}{% endcapture %}{% case k %}{% when v %}{{ c }}{% endcase %}', ['a', 'k', 'v']],
    ['always the same', []],
  ])('%s: %j', (text, columns) => {
    expect([...templateOf(text).columns].sort()).toEqual([...columns].sort());
  });

  test('a name that is assigned on the way alone is read from the row elsewhere', () => {
    const text = '{% if vip %}{% assign plan = "gold" %}{% endif %}{{ plan }}';
    expect(rendered(text, '{"plan":"free"}')).toEqual({ kind: 'text', text: 'free' });
  });

  test('no other column can be reached', () => {
    expect(rendered('{{ [which] }}', '{"which":"secret","secret":"s"}')).toEqual({ kind: 'text', text: '' });
  });
});

describe('a template that cannot be used', () => {
  test.each([
    ['{{ name', /not closed.*line:1, col:1/],
    ['{% if name %}', /not closed/],
    ['{{ name | upcas }}', /undefined filter: upcas.*did you mean "upcase"\?/],
    ['{{ name | constructor }}', /undefined filter: constructor/],
    ['{{ list | where_exp: "x", "x.a" }}', /undefined filter: where_exp/],
    ['{{ list | sample }}', /undefined filter: sample/],
    ['{% include "a" %}', /tag "include" not found/],
    ['{% render "/etc/passwd" %}', /tag "render" not found/],
    ['{% layout "a" %}', /tag "layout" not found/],
    ['{% block a %}{% endblock %}', /tag "block" not found/],
    ['{% if a %}'.repeat(1_900), /./],
    ['x'.repeat(20_000 + 1), /longer than 20,000 characters/],
  ])('%#', (text, wanted) => {
    expect(faultOf(text)).toMatch(wanted);
  });
});

describe('what a template cannot reach', () => {
  test.each([
    '{{ x.constructor }}{{ x.__proto__ }}{{ x.toString }}',
    '{{ constructor }}{{ __proto__ }}{{ toString }}{{ globalThis }}{{ process }}',
    '{{ list.constructor }}{{ list.map }}{{ list.__proto__ }}{{ list["push"] }}',
  ])('%s is empty', (text) => {
    expect(rendered(text, '{"x":"s","list":[1]}')).toEqual({ kind: 'text', text: '' });
  });

  test("a row's own members of such names are values like any other", () => {
    const row = '{"x":{"constructor":1,"__proto__":2,"toString":3}}';
    const text = '{{ x.constructor }}{{ x.__proto__ }}{{ x.toString }}{% increment __proto__ %}';
    expect(rendered(text, row)).toEqual({ kind: 'text', text: '1230' });
  });
});
