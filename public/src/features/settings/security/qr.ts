/** A QR code as one path in a square of `size` units, including the quiet margin of four modules. */
export type QrPicture = { size: number; path: string };

/** Returns one rectangle per run of dark modules: few rectangles, without gaps. */
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

/** Draws a QR code. The drawing library is loaded on first use. */
export async function qrOf(text: string): Promise<QrPicture> {
  const { encode } = await import("uqr");
  const { data } = encode(text, { ecc: "M", border: 4 });
  return { size: data.length, path: pathOf(data) };
}
