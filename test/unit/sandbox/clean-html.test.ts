import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanHtml } from '../../../src/sandbox/rest/items/clean-html.ts';

describe('cleanHtml', () => {
  test.each([
    { html: 'plain, 1 < 2 & 3 > 2', kept: 'plain, 1 < 2 & 3 > 2' },
    { html: '<p>one</p><div>two<br></div>', kept: '<p>one</p><div>two<br></div>' },
    {
      html: '<ul><li><b>b</b><u>u</u><i>i</i></li></ul><ol></ol><nl></nl>',
      kept: '<ul><li><b>b</b><u>u</u><i>i</i></li></ul><ol></ol><nl></nl>',
    },
    {
      html: '<strong>s</strong><em>e</em><code>c</code>',
      kept: '<strong>s</strong><em>e</em><code>c</code>',
    },
    { html: '<h1>Title</h1><span>text</span>', kept: 'Titletext' },
    { html: '<table><tr><td>1</td></tr></table>', kept: '1' },
    { html: '<script>alert(1)</script>', kept: 'alert(1)' },
    { html: '<P>big</P><BR/><A HREF="u">x</A>', kept: '<p>big</p><br /><a href="u">x</a>' },
    { html: 'a<br />b', kept: 'a<br />b' },
    { html: 'a<!-- hidden <b>x</b> -->b', kept: 'ab' },
    { html: 'a<!-- never closed <b>x</b>', kept: 'a' },
    { html: '<!DOCTYPE html><?xml version="1.0"?>x', kept: 'x' },
    { html: '<p class="x" style="y" onclick="z">t</p>', kept: '<p>t</p>' },
    {
      html: '<a href="https://x.test/?a=1&amp;b=2" name=n target=\'_blank\' rel="r">x</a>',
      kept: '<a href="https://x.test/?a=1&amp;b=2" name="n" target="_blank">x</a>',
    },
    {
      html: '<img src="i.png" alt="a > b" width="1" height=2 onerror="x" />',
      kept: '<img src="i.png" alt="a > b" width="1" height="2" />',
    },
    { html: `<img alt='say "hi"'>`, kept: '<img alt="say &quot;hi&quot;">' },
    { html: '<p><o:p>office</o:p></p>', kept: '<p>office</p>' },
    { html: '{{account.traits.plan}}', kept: '{{account.traits.plan}}' },
    { html: '<b unclosed', kept: '<b unclosed' },
    { html: 'a <! b', kept: 'a <! b' },
    { html: '<p>a</p><? b <!-- c', kept: '<p>a</p><? b ' },
    { html: '', kept: '' },
  ])('$html', ({ html, kept }) => {
    expect(cleanHtml(html)).toBe(kept);
  });

  const piece = fc.constantFrom(
    '<p>',
    '</p>',
    '<br />',
    '<h1 class="x">',
    '<a href="u" rel=r>',
    "<img alt='\"'>",
    '<!-- c -->',
    '<',
    '>',
    '"',
    '&amp;',
    'text',
    '/',
  );
  test('cleans once and for all', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        // Stray brackets can close up to a new tag where something between them was taken away.
        const html = pieces.filter((part) => !['<', '>', '"'].includes(part)).join('');
        expect(cleanHtml(cleanHtml(html))).toBe(cleanHtml(html));
      }),
    );
  });

  test('lets no other tag stand, whatever it is given', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        expect(cleanHtml(pieces.join(''))).not.toMatch(/<h1 class="x">|<!-- c -->|rel=/);
      }),
    );
  });

  test.each([
    ['<!', ''],
    ['<?', ''],
    ['<!--', ''],
    ['<a', ''],
    ['<a "', ''],
    ['<a \'"', ''],
    ['a', '<'],
    ['a', '<a '],
    ['a', '<a b="'],
    ['b ', '<a '],
    [' ', '<a b'],
    ['b=', '<a '],
  ])('%j 50,000 times costs work that grows with the length alone', (part, before) => {
    const spentOn = (text: string): number => {
      const { user } = process.cpuUsage();
      cleanHtml(text);
      return process.cpuUsage().user - user;
    };
    const long = part.repeat(50_000);
    // Work that grows with the square takes seconds.
    for (const after of ['', '>']) expect(spentOn(before + long + after)).toBeLessThan(500_000);
  });
});
