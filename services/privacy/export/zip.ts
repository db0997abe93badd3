import { PassThrough, Readable } from "node:stream";
import { ZipFile } from "yazl";
import type { SupportedLanguage } from "../../../utils/text/languages.ts";
import { type ExportFile, exportFiles } from "../user-key.ts";
import type { Snapshot } from "./read.ts";
import { indexPage, jsonOf, pageOf } from "./render.ts";

/** A file of the archive, whose text is generated lazily. */
type File = { readonly name: string; readonly text: () => AsyncIterable<string> | Iterable<string> };

/** The time of an archive, and the language of its pages. */
export type Edition = { readonly at: Date; readonly language: SupportedLanguage };

/** Returns the files in writing order. The index comes last, because it contains the number of entries of the others. */
function filesOf(snapshot: Snapshot, { at, language }: Edition): File[] {
  const counts = new Map<ExportFile, number>();
  const pairs = exportFiles.map((file): File[] => {
    const count = (): void => void counts.set(file, (counts.get(file) ?? 0) + 1);
    return [
      { name: `data/${file}.json`, text: () => jsonOf(snapshot.entries(file), count) },
      { name: `pages/${file}.html`, text: () => pageOf({ file, language }, snapshot.entries(file)) },
    ];
  });
  return [...pairs.flat(), { name: "index.html", text: () => [indexPage(language, { counts, at })] }];
}

/**
 * Yields a user's data as a zip, in chunks of a few kilobytes on demand: whatever the total size, only a few rows and chunks are in
 * memory. Throws errors that occur while a file is read.
 */
export async function* zipOf(snapshot: Snapshot, edition: Edition): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  const output = new PassThrough();
  let reading: Readable | null = null;
  const fail = (error: Error): void => void output.destroy(error);
  for (const { name, text } of filesOf(snapshot, edition)) {
    zip.addReadStreamLazy(name, { mtime: edition.at }, (done) => {
      // yazl does not handle errors of its source streams.
      reading = Readable.from(text(), { objectMode: false, encoding: "utf8" }).on("error", fail);
      done(null, reading);
    });
  }
  zip.on("error", fail);
  zip.outputStream.pipe(output);
  zip.end();
  try {
    yield* output as AsyncIterable<Uint8Array>;
  } finally {
    (reading as Readable | null)?.destroy();
  }
}
