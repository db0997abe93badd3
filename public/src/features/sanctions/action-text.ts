import type { ActionDto, ActionKind, ScopeDto } from "../../../../utils/contract/schemas/moderation/actions.ts";
import type { ModerationKey } from "../../locales/moderation/en.ts";
import { tm } from "../../locales/moderation/index.ts";
import { lounges } from "../lobby/lounges.ts";
import { roomWords } from "../room/current-room.ts";

type Words = { readonly title: ModerationKey; readonly text: ModerationKey; readonly now: ModerationKey };

/** What an action is called, what it means, and the sentence for the user concerned. */
const words: Record<ActionKind, Words> = {
  warn: { title: "sanctionWarn", text: "sanctionWarnText", now: "sanctionNowWarn" },
  mute: { title: "sanctionMute", text: "sanctionMuteText", now: "sanctionNowMute" },
  kick: { title: "sanctionKick", text: "sanctionKickText", now: "sanctionNowKick" },
  ban_room: { title: "sanctionBanRoom", text: "sanctionBanRoomText", now: "sanctionNowBanRoom" },
  ban_lounge: { title: "sanctionBanLounge", text: "sanctionBanLoungeText", now: "sanctionNowBanLounge" },
  ban_site: { title: "sanctionBanSite", text: "sanctionBanSiteText", now: "sanctionNowBanSite" },
  delete_message: { title: "sanctionDeleteMessage", text: "sanctionDeleteMessageText", now: "sanctionNowDeleteMessage" },
  wipe_messages: { title: "sanctionWipeMessages", text: "sanctionWipeMessagesText", now: "sanctionNowWipeMessages" },
  remove_item: { title: "sanctionRemoveItem", text: "sanctionRemoveItemText", now: "sanctionNowRemoveItem" },
  require_phone: { title: "sanctionRequirePhone", text: "sanctionRequirePhoneText", now: "sanctionNowRequirePhone" },
};

export const actionTitle = ({ kind }: ActionDto): string => tm(words[kind].title);

/** Explains what an active action means for the person concerned. */
export const actionMeaning = ({ kind }: ActionDto): string => tm(words[kind].text);

/** Says what has just happened, in one sentence. */
export const actionNow = ({ kind, revertedAt }: ActionDto): string => tm(revertedAt === null ? words[kind].now : "sanctionNowReverted");

const loungeName = (loungeId: string | null): string | null => lounges.value?.find(({ id }) => id === loungeId)?.name ?? null;

/** Returns the name of the room or lounge where an action applies, or that it is the whole site. */
export function scopeName({ kind, id }: ScopeDto): string {
  if (kind === "site") return tm("sanctionOnSite");
  if (kind === "lounge") return loungeName(id) ?? tm("sanctionInLounge");
  return (id && roomWords(id)) ?? tm("sanctionInRoom");
}
