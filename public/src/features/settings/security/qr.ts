/** A QR code as one path in a square of `size` units, the quiet margin of four modules included. */
export type QrPicture = { size: number; path: string };

/** One rectangle a run of dark modules: few and without seams. */
export function pathOf(rows: readonly (readonly boolean[])[]): string {
  return rows
    .flatMap((row, y) => {
      const runs: string[] = [];
      for (let x = 0; x < row.length; x += 1) {
        if (!row[x]) continue;
        const start = x;
        while (row[x + 1]) x += 1;
        runs.push(`M${start} ${y}h${x + 1 - start}v1H${start}z`);
      }
      return runs;
    })
    .join("");
}

/** Draws a QR code. The drawing library comes on first use. */
export async function qrOf(text: string): Promise<QrPicture> {
  const { encode } = await import("uqr");
  const { data } = encode(text, { ecc: "M", border: 4 });
  return { size: data.length, path: pathOf(data) };
}
