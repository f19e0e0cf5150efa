import { describe, expect, test } from 'vitest';
import { at, idOf } from '../../support/sandbox/client.ts';
import { idsOf, seedPipeline } from '../../support/sandbox/pipeline.ts';
import { withSandbox } from '../../support/sandboxes.ts';

const NEW = { externalId: 'm2', title: 'Review', participants: [{ userId: 'u1', type: 'organizer' }] };

describe('transcripts', () => {
  const speech = (text: string) => ({
    speaker: { externalId: 's1', email: null, name: 'Ann' },
    sentences: [{ text, startTime: 0, endTime: 5000 }],
  });

  test('are made, replaced and read', () =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      const { meeting } = idsOf(sandbox);
      expect((await api.get('/meetings/m1/transcript')).status).toBe(404);
      const first = await api.post('/meetings/m1/transcript', { transcript: [speech('Hi'), speech('Ho')] });
      expect(first.body).toMatchObject({ meetingId: meeting, transcript: [speech('Hi'), speech('Ho')] });
      const second = await api.post(`/meetings/${meeting}/transcript`, { transcript: [speech('Bye')] });
      expect(second.body).toMatchObject({ id: idOf(first), transcript: [speech('Bye')] });
      expect((await api.get('/meetings/m1/transcript')).body).toEqual(second.body);
      expect((await api.get(`/meetingTranscripts/${idOf(first)}`)).body).toEqual(second.body);
      expect(at((await api.get('/meetingTranscripts')).body, 'results')).toEqual([second.body]);
      expect(Object.keys(sandbox.snapshot().meetingTranscripts ?? {})).toEqual(['m1']);
    }));

  test('come with a new meeting, which a bad one keeps from being made', () =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      expect((await api.post('/meetings', { ...NEW, transcript: [{}] })).status).toBe(400);
      expect(sandbox.items('meetings').size).toBe(1);
      await api.post('/meetings', { ...NEW, transcript: [speech('Hi')] });
      expect((await api.get('/meetings/m2/transcript')).body).toMatchObject({ transcript: [speech('Hi')] });
    }));

  test.each([
    { transcript: undefined, error: 'transcript is required' },
    { transcript: {}, error: 'transcript must be an array' },
    { transcript: [{ sentences: [] }], error: 'speaker is required' },
    { transcript: [{ speaker: {}, sentences: [] }], error: 'externalId is required' },
    { transcript: [{ speaker: { externalId: 's' } }], error: 'sentences is required' },
    {
      transcript: [{ ...speech('x'), sentences: [{ text: 'x' }] }],
      error: 'startTime must be a number of milliseconds',
    },
    {
      transcript: [{ ...speech('x'), sentences: [{ text: 'x', startTime: 0, endTime: '5' }] }],
      error: 'endTime must be a number of milliseconds',
    },
  ])('are refused: $error', ({ transcript, error }) =>
    withSandbox({}, async (api, sandbox) => {
      seedPipeline(sandbox);
      const reply = await api.post('/meetings/m1/transcript', { transcript });
      expect([reply.status, reply.body]).toEqual([400, { error }]);
    }),
  );
});
