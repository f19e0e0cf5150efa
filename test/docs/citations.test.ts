import { describe, expect, test } from 'vitest';
import { brokenIn, brokenLinks, type Cited, citedPages, citingTexts, commentsOf } from './citations.ts';

const cited = citedPages();
const texts = citingTexts();

describe('citations in comments and pages', () => {
  test('lead to a heading that is there', () => {
    expect(texts.flatMap((text) => brokenIn(text, cited))).toEqual([]);
  });

  test('are found: the contract and the facts are cited all over the code', () => {
    const all = texts.map(({ text }) => text).join('\n');
    expect([...all.matchAll(/\bContract \d+/g)].length).toBeGreaterThan(40);
    expect([...all.matchAll(/vitally-api\.md, "/g)].length).toBeGreaterThan(40);
  });
});

describe('links between pages', () => {
  const pages = texts.map(({ path }) => path).filter((path) => path.endsWith('.md'));

  test.each(pages)('of %s lead to a page and a heading that are there', (page) => {
    expect(brokenLinks(page)).toEqual([]);
  });
});

describe('what counts as broken', () => {
  const pages: Cited = {
    contract: new Map([['1', '1. The first rule.\n\n**Columns.** They go somewhere.']]),
    facts: ['Paging'],
  };
  const broken = (text: string, path = 'src/x.ts'): string[] =>
    brokenIn({ path, text }, pages).map(({ citation }) => citation);

  test.each([
    ['a section that is not there', 'Contract 2', ['Contract 2']],
    ['a rule that is not there', 'Contract 1, rule 2', ['Contract 1, rule 2']],
    ['a paragraph that is not there', 'Contract 1, "Rows"', ['Contract 1, "Rows"']],
    ['another form', 'contract section 1', ['contract section 1']],
    ['lower case', '(contract 1)', ['contract 1']],
    ['a fact that is not there', 'vitally-api.md, "Circles"', ['vitally-api.md, "Circles"']],
    ['a source that only the page of facts may name', 'Vitally REST reference, Users', ['REST reference']],
    ['another tool', 'as Quill does', ['Quill']],
    ['a page that is not there', 'see airbyte-destination.md', ['airbyte-destination.md']],
  ])('%s', (_, text, citations) => {
    expect(broken(text)).toEqual(citations);
  });

  test.each([
    ['a section', 'as it says (Contract 1).'],
    ['a rule', 'Contract 1, rule 1'],
    ['a paragraph', 'Contract 1, "Columns"'],
    ['a fact', 'in pages (vitally-api.md, "Paging")'],
    ['a page', 'docs/errors.md and errors.md have it'],
    ['a folder of that name', 'test/contract/objects has 8 files'],
  ])('not %s', (_, text) => {
    expect(broken(text)).toEqual([]);
  });

  test('the page of facts itself may name its sources', () => {
    expect(broken('(REST reference, Users)', 'docs/vitally-api.md')).toEqual([]);
  });

  test('a citation may wrap within a comment', () => {
    const code =
      'const a = "Contract 99";\n/**\n * That is so (Contract\n * 2).\n */\n// as in Contract\n// 3\nf(); // Contract 4';
    expect(broken(commentsOf(code))).toEqual(['Contract 2', 'Contract 3', 'Contract 4']);
  });
});
