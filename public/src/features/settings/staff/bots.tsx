import { Bot as BotSign, KeyRound } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ApiTokenDto, BotDto } from "../../../../../utils/contract/schemas/bots.ts";
import { type ApiError, toApiError } from "../../../api.ts";
import { ta } from "../../../locales/account/index.ts";
import { aheadOf, dateOf } from "../../../locales/index.ts";
import { CopyButton } from "../../../shared/ui/copy-button.tsx";
import { Trouble } from "../../../shared/ui/form.tsx";
import { Icon } from "../../../shared/ui/icon.tsx";
import { Skeleton } from "../../../shared/ui/skeleton.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { Cancel, Section } from "../section.tsx";
import { NewBot, NewToken } from "./bot-forms.tsx";
import { listBots, retireBot, revokeToken } from "./bot-list.ts";

/** A token that was just created, with its bot. */
type Made = { botId: string; botName: string; token: string };

type TokenProps = { botId: string; token: ApiTokenDto; onGone: () => Promise<void> };

function Token({ botId, token, onGone }: TokenProps) {
  const revoke = useAction(async () => {
    if ((await revokeToken(botId, token.id)) !== undefined) await onGone();
  });
  const { name, lastUsedAt, expiresAt } = token;
  return (
    <li class="entry">
      <span class="entry-sign">
        <Icon icon={KeyRound} size={20} />
      </span>
      <div class="entry-words">
        <p class="entry-title">
          <bdi>{name}</bdi>
        </p>
        <p class="entry-details">
          <span>{lastUsedAt ? ta("tokenUsed", { time: aheadOf(new Date(lastUsedAt)) }) : ta("tokenUnused")}</span>
          <span>{expiresAt ? ta("tokenUntil", { date: dateOf(new Date(expiresAt)) }) : ta("tokenNever")}</span>
        </p>
        <Trouble refusal={revoke.refusal} />
      </div>
      <button
        type="button"
        class="button button-quiet"
        aria-label={ta("tokenRevokeNamed", { name })}
        aria-disabled={revoke.isBusy}
        onClick={() => void revoke.act()}
      >
        {ta("tokenRevoke")}
      </button>
    </li>
  );
}

function Retire({ bot, onGone, onCancel }: { bot: BotDto; onGone: () => Promise<void>; onCancel: () => void }) {
  const retire = useAction(async () => {
    if ((await retireBot(bot.id)) !== undefined) await onGone();
  });
  return (
    <fieldset class="asking" aria-label={ta("botRetireNamed", { name: bot.displayName })}>
      <p>{ta("botRetireText", { name: bot.displayName })}</p>
      <div class="form-actions form-danger">
        <button type="button" class="button button-main" aria-disabled={retire.isBusy} autofocus onClick={() => void retire.act()}>
          {ta("botRetireNamed", { name: bot.displayName })}
        </button>
        <Cancel onCancel={onCancel} />
      </div>
      <Trouble refusal={retire.refusal} />
    </fieldset>
  );
}

/** Shows a token, which is shown only once. */
function Shown({ made, onKept }: { made: Made; onKept: () => void }) {
  const title = useRef<HTMLHeadingElement>(null);
  useEffect(() => title.current?.focus(), [made.token]);
  return (
    <div class="codes">
      <h3 ref={title} tabIndex={-1}>
        {ta("tokenTitle", { name: made.botName })}
      </h3>
      <p>{ta("tokenText")}</p>
      <p class="secret">
        <code dir="ltr">{made.token}</code>
      </p>
      <div class="form-actions">
        <CopyButton text={made.token} />
        <button type="button" class="button button-main" onClick={onKept}>
          {ta("tokenSaved")}
        </button>
      </div>
    </div>
  );
}

type BotProps = { bot: BotDto; made: Made | null; onChange: () => Promise<void>; onMade: (made: Made | null) => void };

function Bot({ bot, made, onChange, onMade }: BotProps) {
  const [open, setOpen] = useState<"token" | "end" | null>(null);
  const close = () => setOpen(null);
  return (
    <Section
      id={`bot-${bot.id}`}
      title={bot.displayName}
      text={<bdi dir="ltr">@{bot.username}</bdi>}
      mark={<Icon icon={BotSign} size={20} />}
    >
      {made && <Shown made={made} onKept={() => onMade(null)} />}
      {bot.tokens.length === 0 && <p>{ta("tokenNone")}</p>}
      {bot.tokens.length > 0 && (
        <ul class="entries">
          {bot.tokens.map((token) => (
            <Token key={token.id} botId={bot.id} token={token} onGone={onChange} />
          ))}
        </ul>
      )}
      {open === "token" && (
        <NewToken
          bot={bot}
          onCancel={close}
          onDone={async (token) => {
            close();
            onMade({ botId: bot.id, botName: bot.displayName, token });
            await onChange();
          }}
        />
      )}
      {open === "end" && <Retire bot={bot} onGone={onChange} onCancel={close} />}
      {open === null && (
        <div class="form-actions">
          <button type="button" class="button button-quiet" onClick={() => setOpen("token")}>
            {ta("tokenNew")}
          </button>
          <button type="button" class="button button-quiet" onClick={() => setOpen("end")}>
            {ta("botRetireNamed", { name: bot.displayName })}
          </button>
        </div>
      )}
    </Section>
  );
}

/** Lists the bots and their API tokens. */
export function Bots() {
  const [bots, setBots] = useState<BotDto[] | ApiError | null>(null);
  const [made, setMade] = useState<Made | null>(null);
  const [isMaking, setMaking] = useState(false);
  const load = async (): Promise<void> => setBots(await listBots().catch(toApiError));
  useEffect(() => void load(), []);
  if (bots === null) return <Skeleton lines={4} />;
  if (!Array.isArray(bots)) return <Trouble refusal={bots} />;
  return (
    <>
      <p class="settings-section-text">{ta("botsIntro")}</p>
      {isMaking ? (
        <NewBot
          onCancel={() => setMaking(false)}
          onDone={async ({ bot, token }) => {
            setMaking(false);
            setMade({ botId: bot.id, botName: bot.displayName, token });
            await load();
          }}
        />
      ) : (
        <button type="button" class="button button-main" onClick={() => setMaking(true)}>
          {ta("botNew")}
        </button>
      )}
      {bots.length === 0 && !isMaking && <p>{ta("botsNone")}</p>}
      {bots.map((bot) => (
        <Bot key={bot.id} bot={bot} made={made?.botId === bot.id ? made : null} onChange={load} onMade={setMade} />
      ))}
    </>
  );
}
