/** A small HTTP server of this test, whose answers are set while it runs. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** What it answers with; `hold`: not at all. */
export interface Answer {
  status: number;
  body?: string;
  headers?: { [name: string]: string };
  hold?: boolean;
}

/** A server at work. */
export interface Answering {
  /** Without a slash at its end. */
  url: string;
  /** Requests so far, oldest first. */
  asked: { method: string; path: string; headers: IncomingMessage["headers"] }[];
  /** The next answers, the last of them for ever. */
  answer(...answers: Answer[]): void;
  /** Called at each request, before it is answered. */
  onAsked: () => void;
  close(): Promise<void>;
}

/** Starts one that answers 200. */
export async function answering(): Promise<Answering> {
  let answers: Answer[] = [{ status: 200 }];
  const server = createServer((request, response) => {
    own.asked.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers });
    own.onAsked();
    const next = (answers.length > 1 ? answers.shift() : answers[0]) as Answer;
    if (next.hold) return;
    response.writeHead(next.status, next.headers);
    response.end(request.method === "HEAD" ? undefined : (next.body ?? ""));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const own: Answering = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    answer: (...next) => {
      answers = next;
    },
    onAsked: () => {},
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return own;
}
