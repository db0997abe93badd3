import { ArrowRight, Lock, MessagesSquare } from "lucide";
import { useEffect, useState } from "preact/hooks";
import type { LoungeDto, RoomDto } from "../../../../utils/contract/schemas/lounges.ts";
import type { Failure } from "../../api.ts";
import { counted, number, t } from "../../locales/index.ts";
import { placeLabel } from "../../shared/text/place-label.ts";
import { Count } from "../../shared/ui/count.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { Notice } from "../../shared/ui/notice.tsx";
import { Skeleton } from "../../shared/ui/skeleton.tsx";
import { TopBar } from "../app/top-bar.tsx";
import { NextStep } from "../room/access-cta.tsx";
import { currentUser } from "../session/session.ts";
import { LoungeItem } from "./lounge-item.tsx";
import { addressPath, languageName, lounges, loungesFailure, openRooms, ordered } from "./lounges.ts";
import { LoungesFailed } from "./lounges-failed.tsx";
import { watchLoungePreviews } from "./previews.ts";

const SHOWN_ROOMS = 6;

const accessWords = {
  open: "accessOpen",
  registered: "accessRegistered",
  phone_verified: "accessPhone",
  age_verified: "accessAge",
  private: "accessPrivate",
} as const;

const closedWords = (reason: Failure): string => {
  if (reason === "room_requires_account") return t("closedRegistered");
  if (reason === "room_requires_phone") return t("closedPhone");
  return reason === "room_requires_age" ? t("closedAge") : t("closedOther");
};

function RoomChip({ lounge, room }: { lounge: LoungeDto; room: RoomDto }) {
  return (
    <li>
      <a class="chip" href={addressPath({ lounge, room })} aria-label={placeLabel({ lounge, room })}>
        <bdi lang={room.languageCode ?? undefined}>{languageName(room)}</bdi>
        <Count people={room.onlineCount} look="chip-count" />
      </a>
    </li>
  );
}

function RoomChips({ lounge }: { lounge: LoungeDto }) {
  const [isOpen, setOpen] = useState(false);
  const rooms = ordered(lounge.rooms);
  const hasMore = rooms.length > SHOWN_ROOMS + 1;
  return (
    <ul class="chips" aria-label={`${lounge.name}: ${t("rooms")}`}>
      {(isOpen || !hasMore ? rooms : rooms.slice(0, SHOWN_ROOMS)).map((room) => (
        <RoomChip key={room.id} lounge={lounge} room={room} />
      ))}
      {hasMore && (
        <li>
          <button type="button" class="chip chip-more" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
            {isOpen ? t("fewerRooms") : t("moreRooms", { count: number(rooms.length) })}
          </button>
        </li>
      )}
    </ul>
  );
}

function LoungeCard({ lounge }: { lounge: LoungeDto }) {
  const reason = lounge.closedReason;
  return (
    <article
      class={reason ? "lounge lounge-closed lounge-hued" : "lounge lounge-hued"}
      style={{ "--lounge": lounge.iconColor }}
      id={`lounge-${lounge.slug}`}
    >
      <header class="lounge-head">
        <span class="lounge-sign" aria-hidden="true">
          {lounge.name.slice(0, 1)}
        </span>
        <div>
          <h3>
            <bdi>{lounge.name}</bdi>
          </h3>
          <p class="lounge-facts">
            <span class="lounge-detail">
              {reason && <Icon icon={Lock} size={13} />}
              {t(accessWords[lounge.accessLevel])}
            </span>
            {!reason && lounge.onlineCount > 0 && (
              <span class="lounge-detail lounge-lively">{counted("peopleNow", lounge.onlineCount)}</span>
            )}
          </p>
        </div>
      </header>
      <p class="lounge-about" dir="auto">
        {lounge.description}
      </p>
      {reason ? (
        <div class="lounge-why">
          <p>{closedWords(reason)}</p>
          <NextStep code={reason} />
        </div>
      ) : (
        <>
          <LoungeItem lounge={lounge} />
          <RoomChips lounge={lounge} />
        </>
      )}
    </article>
  );
}

const greetings = [
  ["es", "Hola"],
  ["ja", "こんにちは"],
  ["pt", "Oi, tudo bem?"],
  ["ar", "مرحبا"],
  ["de", "Moin"],
  ["fr", "Salut"],
  ["en", "Hey there"],
] as const;

/** Decorative greetings in several languages. */
const Greetings = () => (
  <div class="greetings" aria-hidden="true">
    {greetings.map(([language, text]) => (
      // The position depends on the page's direction; only the text uses its own direction.
      <span key={language} class={`greeting greeting-${language}`} lang={language}>
        <bdi>{text}</bdi>
      </span>
    ))}
  </div>
);

function Hero() {
  const first = openRooms.value[0];
  return (
    <section class="hero">
      <Greetings />
      <h1>{t("product")}</h1>
      <p class="hero-words">{t("tagline")}</p>
      {first && (
        <div class="hero-act">
          <a class="button button-main button-large" href={addressPath(first)}>
            <span>{t("openRoom", { room: languageName(first.room) })}</span>
            <Icon icon={ArrowRight} size={18} />
          </a>
          <span class="hero-note">{t("heroNote")}</span>
        </div>
      )}
    </section>
  );
}

function Lounges() {
  const known = lounges.value;
  if (known === null && loungesFailure.value) {
    return <LoungesFailed />;
  }
  if (known === null) return <Skeleton lines={6} />;
  if (known.length === 0) return <Notice icon={MessagesSquare} title={t("emptyLounges")} text={t("emptyLoungesHint")} />;
  const sorted = [...known].sort((a, b) => Number(a.closedReason !== null) - Number(b.closedReason !== null));
  return (
    <div class="lounges">
      {sorted.map((lounge) => (
        <LoungeCard key={lounge.id} lounge={lounge} />
      ))}
    </div>
  );
}

/** Renders the lobby: an introduction, and every lounge with its online count. */
export function Lobby() {
  useEffect(watchLoungePreviews, []);
  return (
    <div class="page">
      <TopBar />
      <main id="content" class="page-body">
        {currentUser.value === null ? (
          <>
            <Hero />
            <h2 class="sr-only">{t("lounges")}</h2>
          </>
        ) : (
          <h1 class="lounges-title">{t("lounges")}</h1>
        )}
        <Lounges />
      </main>
    </div>
  );
}
