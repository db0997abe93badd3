import { PassThrough, Readable } from "node:stream";
import { ZipFile } from "yazl";
import type { SpokenLanguage } from "../../../utils/text/languages.ts";
import { type ExportFile, exportFiles } from "../data-retention-registry.ts";
import type { Snapshot } from "./read.ts";
import { indexPage, jsonOf, pageOf } from "./render.ts";

/** A file of the archive, as a text that is written when its turn comes. */
type File = { readonly name: string; readonly text: () => AsyncIterable<string> | Iterable<string> };

/** When an archive is made, and the language of what is to be read in it. */
export type Edition = { readonly at: Date; readonly language: SpokenLanguage };

/** The files in the order they are written; the index comes last, when it is known how much is in the others. */
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
 * A person's data as a zip, in pieces of some kilobytes that come as they are asked for: whatever the size of the whole,
 * only a few rows and pieces are held at a time. What goes wrong while a file is read is thrown here.
 */
export async function* zipOf(snapshot: Snapshot, edition: Edition): AsyncGenerator<Uint8Array> {
  const [zip, output] = [new ZipFile(), new PassThrough()];
  let reading: Readable | null = null;
  const fail = (error: Error): void => void output.destroy(error);
  for (const { name, text } of filesOf(snapshot, edition)) {
    zip.addReadStreamLazy(name, { mtime: edition.at }, (done) => {
      // yazl hears no errors of its sources.
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
