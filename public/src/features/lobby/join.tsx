import { ArrowRight, Clock, HeartHandshake, Shuffle, Ticket } from "lucide";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { limits } from "../../../../utils/contract/limits.ts";
import { ApiError, toApiError } from "../../api.ts";
import { counted, explain, t } from "../../locales/index.ts";
import { isTouch } from "../../shared/state/settings.ts";
import { graphemesOf } from "../../shared/text/pictorial.ts";
import { FreeNames } from "../../shared/ui/free-names.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { suggestName } from "../account/suggest-name.ts";
import { TopBar } from "../app/top-bar.tsx";
import { startOwnGreeting } from "../room/first-minute-state.ts";
import type { Proof } from "../session/proof-of-work.ts";
import { hasLostTexts, joinAsGuest, sessionPhase, wasMember } from "../session/session.ts";
import { languageName, preferredLanguages, type RoomAddress } from "./lounges.ts";
import { ConversationNow, PeopleInRoom, usePreview } from "./room-preview.tsx";

/** A challenge may have expired, or been used up, by the time it is solved: the server then sends another one. */
const PROOFS_MAX = 3;

/** Joins, and solves the challenge of the server if there is one; `signal` cancels that, and `onCheck` is called when it begins. */
async function joinWithProof(name: string, signal: AbortSignal, onCheck: () => void): Promise<void> {
  const languages = preferredLanguages.value.slice(0, 10);
  let refusal: unknown = null;
  let proof: Proof | undefined;
  for (let proofs = 0; proofs <= PROOFS_MAX; proofs += 1) {
    refusal = await joinAsGuest(name, languages, proof).then(
      () => null,
      (error: unknown) => error,
    );
    if (refusal === null) return startOwnGreeting();
    if (!(refusal instanceof ApiError) || refusal.code !== "proof_required" || refusal.problem.challenge === undefined) break;
    onCheck();
    const { solveChallenge } = await import("../session/proof-of-work.ts");
    proof = await solveChallenge(refusal.problem.challenge, signal);
  }
  throw refusal;
}

/** Manages the display name and the result of joining. */
function useJoin() {
  const [name, setName] = useState(() => suggestName());
  const [refusal, setRefusal] = useState<ApiError | null>(null);
  const [state, setState] = useState<"idle" | "joining" | "checking">("idle");
  const current = useRef<AbortController | null>(null);
  useEffect(() => () => current.current?.abort(), []);
  const join = async (wanted: string) => {
    const control = new AbortController();
    current.current = control;
    setName(wanted);
    setState("joining");
    setRefusal(null);
    await joinWithProof(wanted.trim(), control.signal, () => setState("checking")).catch((error: unknown) => {
      if (!control.signal.aborted) setRefusal(toApiError(error));
    });
    setState("idle");
  };
  const cancel = () => current.current?.abort();
  const change = (next: string) => {
    setName(next);
    setRefusal(null);
  };
  return { name, refusal, state, join, change, cancel };
}

function JoinForm() {
  const { name, refusal, state, join, change, cancel } = useJoin();
  const field = useRef<HTMLInputElement>(null);
  const suggestions = refusal?.list("suggestions").slice(0, 3) ?? [];
  const over = graphemesOf(name.trim()) - limits.nameGraphemes.max;
  const isUsable = name.trim().length >= limits.nameGraphemes.min && over <= 0;
  // Before paint, so that an immediate key press goes to the field.
  useLayoutEffect(() => {
    if (isTouch.value) return;
    field.current?.focus();
    field.current?.select();
  }, []);
  const tooLong = over > 0 ? counted("charactersOver", over) : null;
  const trouble = refusal && (refusal.code === "name_taken" && suggestions.length > 0 ? t("joinTaken") : explain(refusal.code));
  return (
    <form
      class="join-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isUsable) void join(name);
      }}
    >
      <label class="join-label" for="guest-name">
        {t("joinName")}
      </label>
      <div class="join-row">
        <input
          id="guest-name"
          ref={field}
          class="field"
          value={name}
          dir="auto"
          autocomplete="nickname"
          required
          aria-describedby="join-trouble guest-what"
          aria-invalid={refusal !== null || over > 0}
          onInput={(event) => change(event.currentTarget.value)}
        />
        <button
          type="button"
          class="icon-button join-shuffle"
          aria-label={t("joinAnother")}
          title={t("joinAnother")}
          onClick={() => change(suggestName())}
        >
          <Icon icon={Shuffle} size={18} />
        </button>
      </div>
      <button type="submit" class="button button-main button-large join-button" disabled={state !== "idle" || !isUsable}>
        <span>{state === "idle" ? t("joinButton") : t("joining")}</span>
        <Icon icon={ArrowRight} size={18} />
      </button>
      <div role="status">
        {state === "checking" && (
          <p class="join-check">
            <span>{t("joinChecking")}</span>
            <button
              type="button"
              class="text-button"
              onClick={() => {
                cancel();
                field.current?.focus();
              }}
            >
              {t("cancel")}
            </button>
          </p>
        )}
      </div>
      {/* Below the button, which stays in place: a second click must not choose one of the names. */}
      <div id="join-trouble" role="alert">
        {(tooLong ?? trouble) && <p class="join-trouble">{tooLong ?? trouble}</p>}
      </div>
      <FreeNames place="join-suggestions" names={suggestions} onTake={(taken) => void join(taken)} />
      <p class="join-else">
        <a class="text-button" href="/signin">
          {t("haveAccount")}
        </a>
        <a class="text-button" href="/signup">
          {t("createAccount")}
        </a>
      </p>
    </form>
  );
}

const Explained = () => (
  <div class="join-notes">
    <section>
      <h2>
        <Icon icon={HeartHandshake} size={16} /> {t("rulesTitle")}
      </h2>
      <ol>
        <li>{t("rule1")}</li>
        <li>{t("rule2")}</li>
        <li>{t("rule3")}</li>
      </ol>
    </section>
    <section id="guest-what">
      <h2>
        <Icon icon={Ticket} size={16} /> {t("guest")}
      </h2>
      <p>{t("guestWhat")}</p>
      <p class="join-ends">
        <Icon icon={Clock} size={14} />{" "}
        <span>
          {t("guestEnds")} {t("guestKeep")}
        </span>
      </p>
    </section>
  </div>
);

/** Renders a room's join page for visitors: one field, three rules, one button, and a preview of the messages. */
export function Join({ place }: { place: RoomAddress }) {
  const shown = usePreview(place.room.id);
  const hasEnded = sessionPhase.value === "ended";
  return (
    <div class="page lounge-hued" style={{ "--lounge": place.lounge.iconColor }}>
      <TopBar />
      <main id="content" class="join">
        <div class="join-card">
          <header class="join-head">
            <p>
              <bdi>{place.lounge.name}</bdi>
            </p>
            <h1 lang={place.room.languageCode ?? undefined} dir="auto">
              {languageName(place.room)}
            </h1>
            <PeopleInRoom place={place} />
          </header>
          {hasEnded && (
            <div class="join-ended" role="status">
              <p>
                <strong>{t("endedTitle")}</strong> {wasMember.value ? t("endedMember") : t("endedText")}{" "}
                {hasLostTexts.value && t("endedLost")}
              </p>
              {wasMember.value && (
                <a class="button button-main" href="/signin">
                  {t("signIn")}
                </a>
              )}
            </div>
          )}
          <JoinForm />
          <ConversationNow shown={shown} />
          <Explained />
        </div>
      </main>
    </div>
  );
}
