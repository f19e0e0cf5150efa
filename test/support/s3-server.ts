import { startLoopback } from './loopback.ts';

/** One request as the bucket got it. */
export interface S3Request {
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly host: string;
  readonly authorization: string;
}

export interface S3Server {
  readonly url: string;
  /** Texts by `bucket/key`. */
  readonly objects: Map<string, string>;
  readonly requests: S3Request[];
  close(): Promise<void>;
}

/** Refuses a request; `undefined` lets it pass. */
export type S3Refusal = (
  request: S3Request,
) => { readonly status: number; readonly code: string } | undefined;

/**
 * A server on 127.0.0.1 that speaks as much of S3 as a store needs, in the path style: PUT, DELETE and the list of a
 * bucket (Amazon S3 API: PutObject, DeleteObject, ListObjectsV2).
 */
export async function startS3(refuse: S3Refusal = () => undefined): Promise<S3Server> {
  const objects = new Map<string, string>();
  const requests: S3Request[] = [];
  const server = await startLoopback((response, { method = '', url = '', headers }, index) => {
    const seen = { method, url, host: headers.host ?? '', authorization: headers.authorization ?? '' };
    requests.push(seen);
    const refused = refuse(seen);
    if (refused !== undefined) {
      response.writeHead(refused.status, { 'content-type': 'application/xml' });
      response.end(
        `<Error><Code>${refused.code}</Code><Message>words with AKIASECRETID in them</Message></Error>`,
      );
      return;
    }
    const { pathname, searchParams } = new URL(url, 'http://bucket.test');
    const name = decodeURIComponent(pathname.slice(1));
    if (method === 'PUT') objects.set(name, server.received[index]?.body ?? '');
    if (method === 'DELETE') objects.delete(name);
    if (method !== 'GET') {
      response.writeHead(method === 'DELETE' ? 204 : 200, { etag: '"1"' });
      response.end();
      return;
    }
    const bucket = name.replace(/\/$/, '');
    const prefix = `${bucket}/${searchParams.get('prefix') ?? ''}`;
    const found = [...objects.keys()].filter((key) => key.startsWith(prefix)).slice(0, 1);
    const contents = found.map((key) => `<Contents><Key>${key.slice(bucket.length + 1)}</Key></Contents>`);
    response.writeHead(200, { 'content-type': 'application/xml' });
    response.end(
      `<ListBucketResult><KeyCount>${found.length}</KeyCount>${contents.join('')}</ListBucketResult>`,
    );
  });
  const { url, close } = server;
  return { url, objects, requests, close };
}
