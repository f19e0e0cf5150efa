import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanHtml } from '../../../../src/mapping/values/html.ts';

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
    'a<br>b',
    'Plan: {{account.traits.plan}} of {{organization.traits.name}}',
    '',
    '<p>two\nlines</p>',
    'He said &lt;b&gt; &amp; left',
    '<a href="tel:+4912345">x</a>',
    '<img src="data:image/webp;base64,AA==" alt="" />',
  ])('%s', (html) => {
    expect(cleanHtml(html)).toEqual({ html, stripped: false });
  });
});

describe('what is spelt anew is not stripped', () => {
  test.each([
    ['<br />', '<br>'],
    ['<B>x</B>', '<b>x</b>'],
    ["<a href='https://a.example'>x</a>", '<a href="https://a.example">x</a>'],
    ['<p>a<p>b', '<p>a</p><p>b</p>'],
    ['1 < 2 & 3', '1 &lt; 2 &amp; 3'],
    ['<!-- note --><i>x</i>', '<i>x</i>'],
    ['<!doctype html><?xml version="1.0"?><i>x</i>', '<i>x</i>'],
    ['<![CDATA[a < b]]><i>x</i>', 'a &lt; b<i>x</i>'],
    ['<p>a<p>b<ul><li>c<li>d</ul>', '<p>a</p><p>b</p><ul><li>c</li><li>d</li></ul>'],
    ['<b>x', '<b>x</b>'],
    ['<i>x</i></b>y', '<i>x</i>y'],
  ])('%s becomes %s', (text, html) => {
    expect(cleanHtml(text)).toEqual({ html, stripped: false });
  });
});

describe('plain text stays whole', () => {
  test.each([
    ['a<b', 'a&lt;b'],
    ['if a<b and c>d then', 'if a&lt;b and c&gt;d then'],
    ['Jane <jane@acme.example> wrote', 'Jane &lt;jane@acme.example&gt; wrote'],
    ['<https://acme.example/?a=1&b=2>', '&lt;https://acme.example/?a=1&amp;b=2&gt;'],
    ['x <- y <3 <= <> < b >', 'x &lt;- y &lt;3 &lt;= &lt;&gt; &lt; b &gt;'],
    ['Dear <name>, your <order-id>', 'Dear &lt;name&gt;, your &lt;order-id&gt;'],
    ['List<String> x = <T>y', 'List&lt;String&gt; x = &lt;T&gt;y'],
    ['<name>Jane</name>', '&lt;name&gt;Jane&lt;/name&gt;'],
    ['ends in <b', 'ends in &lt;b'],
    ['</b> <!-- x --> <!x> <?x>', '&lt;/b&gt; &lt;!-- x --&gt; &lt;!x&gt; &lt;?x&gt;'],
    ['<a href="x', '&lt;a href="x'],
    ['one\ntwo\r\nthree\rfour\n\nfive', 'one<br>two<br>three<br>four<br><br>five'],
    ['\n', '<br>'],
    ['a&b &copy=1 &notit; &foo;', 'a&amp;b &amp;copy=1 &amp;notit; &amp;foo;'],
    ['tab\there  twice', 'tab\there  twice'],
    ['\u0000\u0007\ud800\u202e\u2028', '\u0000\u0007\ud800\u202e\u2028'],
  ])('%j becomes %j', (text, html) => {
    expect(cleanHtml(text)).toEqual({ html, stripped: false });
  });
});

describe('in HTML, what opens no element is text', () => {
  test.each([
    ['<p>a<b and c>d</p>', '<p>a&lt;b and c&gt;d</p>'],
    ['<p>Jane <jane@acme.example></p>', '<p>Jane &lt;jane@acme.example&gt;</p>'],
    ['<p>Dear <name>,</p>', '<p>Dear &lt;name&gt;,</p>'],
    ['<p>x <- y <3</p>', '<p>x &lt;- y &lt;3</p>'],
    ['<p>x</p><!-- rest', '<p>x</p>&lt;!-- rest'],
    ['<p>x</p><b', '<p>x</p>&lt;b'],
  ])('%j becomes %j', (text, html) => {
    expect(cleanHtml(text)).toEqual({ html, stripped: false });
  });
});

describe('what Vitally does not keep is stripped', () => {
  test.each([
    ['<span style="color:red">x</span>', 'x'],
    ['<o:p>x</o:p>', 'x'],
    ['<my-card>x</my-card>', 'x'],
    ['<p class="x" onclick="y()">a</p>', '<p>a</p>'],
    ['<a href="javascript:x()">a</a>', '<a>a</a>'],
    ['<a href="java&#10;script:x()">a</a>', '<a>a</a>'],
    ['<a href="//host/share">a</a>', '<a>a</a>'],
    ['<a href="\\\\host\\share">a</a>', '<a>a</a>'],
    ['<img src="x.png" onerror="y()">', '<img src="x.png" />'],
    ['<img src="//host/x.png">', '<img />'],
    ['<img src="data:image/svg+xml,x" alt="a">', '<img alt="a" />'],
    ['<img src="da&#9;ta:text/html,x">', '<img />'],
    ['<script>x()</script>a', 'a'],
    ['<style>p{}</style>a', 'a'],
    ['<svg><path d="x"/><p>a</p></svg>', '<p>a</p>'],
    ['<span>two</span>\nlines', 'two lines'],
  ])('%s becomes %s', (text, html) => {
    expect(cleanHtml(text)).toEqual({ html, stripped: true });
  });
});

describe('blocks whose tags go are set apart', () => {
  test.each([
    ['<h1>Title</h1>Text', '<div>Title</div>Text'],
    ['a<section>b</section><article>c</article>', 'a<div>b</div><div>c</div>'],
    [
      '<table><tr><td>a</td><td>b</td></tr><tr><td>c<td><b>d</b></table>e',
      '<div><div>a b</div><div>c <b>d</b></div></div>e',
    ],
    ['<td>a</td><td> b</td>', 'a b'],
    ['<dl><dt>a<dd>b</dl>', '<div>a</div><div>b</div>'],
    ['<h1>alone</h1>', 'alone'],
    ['<table><tr><td>alone\n</td></tr></table>', 'alone '],
    ['a<blockquote>b</blockquote>c', 'a<div>b</div>c'],
    ['<pre>a\nb</pre>c', '<div>a<br>b</div>c'],
    ['a<hr>b', 'a<br>b'],
    ['<select><option>a<option>b</select>', '<div>a</div><div>b</div>'],
    ['<svg><text>a</text><text>b</text></svg>', 'a b'],
    ['<menu><li>a</menu>', '<ul><li>a</li></ul>'],
  ])('%s becomes %s', (text, html) => {
    expect(cleanHtml(text)).toEqual({ html, stripped: true });
  });
});

describe('text stays where a browser would not show it as such', () => {
  test.each([
    ['<textarea>1 <b>2</b> &lt;</textarea>', '1 &lt;b&gt;2&lt;/b&gt; &lt;'],
    ['<xmp>&amp; <b></xmp>', '&amp;amp; &lt;b&gt;'],
    ['<title>a</title><p>b</p>', '<div>a</div><p>b</p>'],
    ['<iframe>a <b>b</b></iframe>', 'a <b>b</b>'],
    ['<noscript>a</noscript>', 'a'],
    ['<object>a</object>', 'a'],
    ['<template>a</template>', 'a'],
    ['<style>no sheet of style</style>', 'no sheet of style'],
    ['<script>no program</script>', 'no program'],
    ['put a <script> into the <head> and x()', 'put a  into the  and x()'],
  ])('%s becomes %s', (text, html) => {
    expect(cleanHtml(text)).toEqual({ html, stripped: true });
  });
});

describe('nesting', () => {
  const elements = (html: string, tag: string): number => html.split(`<${tag}>`).length - 1;

  test('is kept up to 1,000 elements; beyond it tags go, the text stays', () => {
    const nested = (levels: number): string => `${'<div>'.repeat(levels)}text${'</div>'.repeat(levels)}`;
    expect(cleanHtml(nested(1_000))).toEqual({
      html: nested(1_000),
      stripped: false,
    });
    const deeper = cleanHtml(`${nested(1_000 + 1)}after`);
    expect(deeper).toEqual({ html: `${nested(1_000)}after`, stripped: true });
  });

  test('does not count elements that need no end tag', () => {
    for (const tag of ['p', 'li']) {
      const { html, stripped } = cleanHtml(`<${tag}>x`.repeat(5_000));
      expect([elements(html, tag), stripped]).toEqual([5_000, false]);
    }
    expect(cleanHtml('<b>x</b><br>'.repeat(5_000)).stripped).toBe(false);
    expect(elements(cleanHtml('<ul><li>'.repeat(1_000)).html, 'li')).toBe(1_000);
  });

  test('sets the text of blocks apart beyond the bound, too', () => {
    const { html } = cleanHtml(`${'<div>'.repeat(1_000)}a<div>b</div>c<h1>d</h1>`);
    expect(html).toContain('>a b c d<');
  });
});

const tag = fc.constantFrom(
  ...KEPT_TAGS,
  ...[
    'img',
    'br',
    'h1',
    'table',
    'tr',
    'td',
    'script',
    'style',
    'textarea',
    'svg',
    'noscript',
    'button',
    'iframe',
  ],
  ...['math', 'pre', 'dt', 'option', 'xmp', 'title', 'hr', 'select', 'span', 'name', 'o:p', 'my-tag'],
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
      fc.constantFrom(
        '<!--',
        '-->',
        '\n',
        '\r\n',
        '<b ',
        '<a href="',
        "<a href='",
        '&#10;',
        '\u0000',
        '\ud800',
      ),
      fc.string({ maxLength: 5 }),
      fc.string({ maxLength: 5, unit: 'binary' }),
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
      { numRuns: 1_000, examples: [['<a/><button><a>'], ['<nl><nl><li><nl>'], ['<p><option>']] },
    );
  });

  test('nothing but the kept tags and attributes is left', () => {
    fc.assert(
      fc.property(markup, (text) => {
        for (const [, name = '', rest = ''] of cleanHtml(text).html.matchAll(/<([a-z0-9-]+)([^>]*)>/g)) {
          expect([...KEPT_TAGS, 'img', 'br']).toContain(name);
          const bare = rest.replace(/"[^"]*"/g, '""');
          expect(bare).toMatch(/^(?: (?:href|name|target|src|alt|width|height)="")*(?: \/)?$/);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('plain words stay plain words', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w .,;:!?{}-]{0,40}$/), (text) => {
        expect(cleanHtml(text)).toEqual({ html: text, stripped: false });
      }),
    );
  });

  test('no sign of a plain text is lost', () => {
    const signs = fc.array(
      fc.oneof(fc.constantFrom('<', '>', '&', '"', "'", '/', '!', '-', '=', '\n', '\r', ' '), fc.string()),
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          signs.map((parts) => parts.join('')),
        ),
        (text) => {
          // Character references and tags are tried below: here are texts that cannot hold any.
          const plain = text.replaceAll(/[;a-z]/gi, '');
          const { html, stripped } = cleanHtml(plain);
          expect(shownText(html)).toBe(plain.replaceAll(/\r\n?/g, '\n'));
          expect(stripped).toBe(false);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('no text between tags is lost, nor run together where blocks part it', () => {
    const words = fc.stringMatching(/^[\wäß€>&"' -]{1,12}$/u);
    const texts = fc
      .oneof(words, fc.constantFrom('a<b', '<3', '<name>', 'a&b', '<x y>', '<', '</', '<!', '<@x>'))
      // Two texts may stand side by side, and must not make a tag together.
      .map((text) => `${text}.`);
    const names = fc.constantFrom(...KEPT_TAGS, ...LOST, ...LOST_BLOCKS);
    const trees: fc.Arbitrary<Tree> = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        texts.map((text): Tree => ({ text })),
        fc
          .record({ name: names, children: fc.array(tie('tree'), { maxLength: 4 }) })
          .map(({ name, children }): Tree => ({ name, children: nestable(name, children) })),
      ),
    })).tree;
    fc.assert(
      fc.property(trees, (tree) => {
        const shown = shownText(cleanHtml(`<b></b>${sourceOf(tree)}`).html);
        let at = 0;
        for (const word of wordsOf(tree)) {
          const found = shown.indexOf(word, at);
          expect(found, word).toBeGreaterThanOrEqual(at);
          at = found + word.length;
        }
        expect(shown.replaceAll(/\s/g, '')).toBe(wordsOf(tree).join('').replaceAll(/\s/g, ''));
        if ('name' in tree && LOST_BLOCKS.includes(tree.name)) {
          expect(shownText(cleanHtml(`<b>before</b>${sourceOf(tree)}after`).html)).toMatch(
            /^before\s(?:.|\s)*(?<=\s)after$/,
          );
        }
      }),
      { numRuns: 1_000 },
    );
  });
});

type Tree = { readonly text: string } | { readonly name: string; readonly children: readonly Tree[] };

const LOST = ['span', 'font', 'label', 'small', 'sup', 'my-tag', 'o:p', 'strike', 'noscript'];
const LOST_BLOCKS = [
  'h1',
  'h6',
  'section',
  'blockquote',
  'table',
  'tr',
  'td',
  'th',
  'dl',
  'dt',
  'dd',
  'pre',
  'option',
  'title',
];

/** Elements that hold text alone. */
function nestable(name: string, children: readonly Tree[]): readonly Tree[] {
  return name === 'title' ? children.filter((child) => 'text' in child) : children;
}

function sourceOf(tree: Tree): string {
  if ('text' in tree) return tree.text.replaceAll('&', '&amp;');
  return `<${tree.name}>${tree.children.map(sourceOf).join('')}</${tree.name}>`;
}

function wordsOf(tree: Tree): string[] {
  return 'text' in tree ? [tree.text] : tree.children.flatMap(wordsOf);
}

/** What a reader sees: a line end for every block's boundary and `<br>`. */
function shownText(html: string): string {
  return html
    .replaceAll('<br>', '\n')
    .replaceAll(/<\/?(?:p|div|ul|ol|nl|li)>/g, '\n')
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}
