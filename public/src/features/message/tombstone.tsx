import type { ComponentChildren } from "preact";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { Head } from "./head.tsx";

type GoneProps = { rowKey: string; seq: number; id?: string; who: AuthorDto | null; isHead: boolean; children: ComponentChildren };

/** Renders the tombstone of a deleted message, grouped with its author; ungrouped if the author is unknown. */
export function TombstoneRow({ rowKey, seq, id, who, isHead, children }: GoneProps) {
  const looks = ["message", "message-gone", isHead && "message-first", who === null && "message-gone-apart"];
  return (
    <li class={looks.filter(Boolean).join(" ")} data-row={rowKey} data-seq={seq} data-id={id} tabIndex={-1}>
      {who && <Head who={who} isHead={isHead} />}
      <p>{children}</p>
    </li>
  );
}
