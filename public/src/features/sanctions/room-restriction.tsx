import type { RestrictionDto } from "../../../../utils/contract/schemas/auth.ts";
import type { OpenRoom } from "../room/open-room.ts";
import { MuteText } from "./mute-text.tsx";
import { RoomBan } from "./room-ban.tsx";
import { SendingDenied } from "./sending-denied.tsx";

type RoomRestrictionProps =
  | { of: "room"; room: OpenRoom | undefined; isPage: boolean }
  | { of: "composer"; room: OpenRoom }
  | { of: "message"; mute: RestrictionDto };

/** Explains why the user cannot be in a room, cannot write in it, or why a message of theirs was not sent. */
export function RoomRestriction(props: RoomRestrictionProps) {
  if (props.of === "room") return <RoomBan room={props.room ?? null} isPage={props.isPage} />;
  return props.of === "composer" ? <SendingDenied room={props.room} /> : <MuteText mute={props.mute} />;
}
