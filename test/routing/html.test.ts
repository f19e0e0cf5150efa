import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanHtml } from '../../src/routing/html.ts';

const KEPT_TAGS = ['a', 'p', 'div', 'ul', 'ol', 'nl', 'li', 'b', 'u', 'i', 'strong', 'em', 'code'];

describe('what Vitally keeps stays', () => {
  test.each(KEPT_TAGS)('<%s>', (tag) => {
    const html = `<${tag}>x</${tag}>`;
    expect(cleanHtml(html)).toEqual({ html, stripped: false });
  });

  test.each([
    '<a href="https://acme.example/?a=1" name="n" target="_blank">x</a>',
    '<a href="mailto:a@b.example">x</a>',
    '<a href="/relative">x</a>',
    '<img src="https://acme.example/a.png" alt="A" width="1" height="2" />',
    '<img src="data:image/png;base64,AA==" />',
    'a<br />b',
    'Plan: {{account.traits.plan}} of {{organization.traits.name}}',
    '',
    'two\nlines',
  ])('%s', (html) => {
    expect(cleanHtml(html)).toEqual({ html, stripped: false });
  });
});

describe('what is spelt anew is not stripped', () => {
  test.each([
    ['<br>', '<br />'],
    ['<B>x</B>', '<b>x</b>'],
    ["<a href='https://a.example'>x</a>", '<a href="https://a.example">x</a>'],
    ['<p>a<p>b', '<p>a</p><p>b</p>'],
    ['1 < 2 & 3', '1 &lt; 2 &amp; 3'],
    ['<!-- note -->x', 'x'],
  ])('%s becomes %s', (text, html) => {
    expect(cleanHtml(text)).toEqual({ html, stripped: false });
  });
});

describe('what Vitally does not keep is stripped', () => {
  test.each([
    ['<h1>Title</h1>', 'Title'],
    ['<table><tr><td>a</td></tr></table>', 'a'],
    ['<span style="color:red">x</span>', 'x'],
    ['<p class="x" onclick="y()">a</p>', '<p>a</p>'],
    ['<a href="javascript:x()">a</a>', '<a>a</a>'],
    ['<img src="x.png" onerror="y()">', '<img src="x.png" />'],
    ['<script>x()</script>a', 'a'],
    ['<style>p{}</style>a', 'a'],
    ['<svg><p>a</p></svg>', '<p>a</p>'],
  ])('%s becomes %s', (text, html) => {
    expect(cleanHtml(text)).toEqual({ html, stripped: true });
  });
});

const tag = fc.constantFrom(
  ...KEPT_TAGS,
  ...['img', 'br', 'h1', 'table', 'td', 'script', 'style', 'textarea', 'svg', 'noscript', 'button', 'iframe'],
);
const attributes = fc.constantFrom(
  '',
  ' href="https://a.example?x=1&y=2"',
  ' href=javascript:x',
  ' class=x',
  ' style="color:red"',
  ' alt="&quot;<b>"',
  ' name=""',
);
const markup = fc
  .array(
    fc.oneof(
      fc.tuple(tag, attributes).map(([name, rest]) => `<${name}${rest}>`),
      tag.map((name) => `</${name}>`),
      tag.map((name) => `<${name}/>`),
      fc.constantFrom('&amp;', '&lt;', '&copy', '&amp;lt;', '<!-- c -->', '<', '>', '"', '<![CDATA[x]]>'),
      fc.string({ maxLength: 5 }),
    ),
    { maxLength: 12 },
  )
  .map((tokens) => tokens.join(''));

describe('whatever the text', () => {
  test('cleaning twice is cleaning once, and finds nothing more to strip', () => {
    fc.assert(
      fc.property(markup, (text) => {
        const { html } = cleanHtml(text);
        expect(cleanHtml(html)).toEqual({ html, stripped: false });
      }),
      { numRuns: 500, examples: [['<a/><button><a>'], ['<nl><nl><li><nl>']] },
    );
  });

  test('nothing but the kept tags and attributes is left', () => {
    fc.assert(
      fc.property(markup, (text) => {
        for (const [, name = '', rest = ''] of cleanHtml(text).html.matchAll(/<([a-z0-9-]+)([^>]*)>/g)) {
          expect([...KEPT_TAGS, 'img', 'br']).toContain(name);
          const bare = rest.replace(/"[^"]*"/g, '""');
          expect(bare).toMatch(/^(?: (?:href|name|target|src|alt|width|height)(?:="")?)*(?: \/)?$/);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('plain words stay plain words', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w .,;:!?{}-]{0,40}$/), (text) => {
        expect(cleanHtml(text)).toEqual({ html: text, stripped: false });
      }),
    );
  });
});
