import type { ComponentChildren } from "preact";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { Head } from "./head.tsx";

type GoneProps = { rowKey: string; seq: number; id?: string; who: AuthorDto | null; isHead: boolean; children: ComponentChildren };

/** The place of a deleted message, under the name of its author; apart from all authors where it is not known whose it was. */
export function TombstoneRow({ rowKey, seq, id, who, isHead, children }: GoneProps) {
  const looks = ["message", "message-gone", isHead && "message-first", who === null && "message-gone-apart"];
  return (
    <li class={looks.filter(Boolean).join(" ")} data-row={rowKey} data-seq={seq} data-id={id} tabIndex={-1}>
      {who && <Head who={who} isHead={isHead} />}
      <p>{children}</p>
    </li>
  );
}
