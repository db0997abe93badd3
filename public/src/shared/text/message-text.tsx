import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { CodeBlock } from "../../code/code-block.tsx";
import { cachedUser, cachedUserNamed } from "../../features/people/user-cache.ts";
import { currentUser } from "../../features/session/session.ts";
import { tt } from "../../locales/room/index.ts";
import { shownPerson } from "../state/dialogs.ts";
import { type MarkdownNode, markdownOf } from "./markdown.ts";
import type { Named } from "./people-in-text.ts";
import { isPictorial } from "./pictorial.ts";
import { shownName } from "./shown-name.ts";

type Mentions = readonly string[];

/** Renders a mention by the user's current name. A mention that the server did not resolve stays plain text. */
function Person({ named, mentions }: { named: Named; mentions: Mentions }) {
  const { userId, username, written } = named;
  const user = userId ? cachedUser(userId) : username ? cachedUserNamed(username, mentions) : null;
  if (!user || (userId && !mentions.includes(userId))) return <>{userId ? `@${user ? shownName(user) : tt("someone")}` : written}</>;
  const isMe = user.id === currentUser.value?.id;
  const open = () => {
    shownPerson.value = { avatarUrl: null, kind: "member", role: "member", ...user };
  };
  return (
    <button type="button" class={isMe ? "named named-me" : "named"} onClick={open}>
      @<bdi>{shownName(user)}</bdi>
    </button>
  );
}

/** Renders a link: if its text is misleading, the true host is shown after it. */
function Anchor({ piece, children }: { piece: Extract<MarkdownNode, { kind: "link" }>; children: ComponentChildren }) {
  const isHere = piece.href.startsWith(`${location.origin}/`);
  return (
    <>
      <a
        href={piece.href}
        title={piece.href}
        dir={piece.isAddress ? "ltr" : "auto"}
        {...(isHere ? {} : { target: "_blank" })}
        rel="noopener noreferrer nofollow ugc"
      >
        {children}
      </a>
      {piece.host && (
        <bdi class="link-host" dir="ltr">
          ({piece.host})
        </bdi>
      )}
    </>
  );
}

function Part({ piece, mentions }: { piece: MarkdownNode; mentions: Mentions }) {
  if (piece.kind === "text") return <>{piece.text}</>;
  if (piece.kind === "person") return <Person named={piece.named} mentions={mentions} />;
  if (piece.kind === "code") return <code dir="auto">{piece.text}</code>;
  if (piece.kind === "block") return <CodeBlock text={piece.text} language={piece.language} />;
  const children = <Parts pieces={piece.children} mentions={mentions} />;
  if (piece.kind === "emphasis") return <em>{children}</em>;
  if (piece.kind === "strong") return <strong>{children}</strong>;
  if (piece.kind === "struck") return <s>{children}</s>;
  if (piece.kind === "quote") return <blockquote class="text-block">{children}</blockquote>;
  if (piece.kind === "item") return <li>{children}</li>;
  if (piece.kind === "paragraph") return <p class="text-block">{children}</p>;
  if (piece.kind === "link") return <Anchor piece={piece}>{children}</Anchor>;
  if (piece.kind === "list")
    return piece.start === null ? (
      <ul class="text-block">{children}</ul>
    ) : (
      <ol class="text-block" start={piece.start}>
        {children}
      </ol>
    );
  return null;
}

const Parts = ({ pieces, mentions }: { pieces: readonly MarkdownNode[]; mentions: Mentions }) => (
  <>
    {pieces.map((piece, at) => (
      <Part key={at} piece={piece} mentions={mentions} />
    ))}
  </>
);

const nobody: Mentions = [];

type TextProps = {
  text: string;
  language: string | null;
  mentions?: Mentions;
  /** Whether a text longer than a screen is collapsed, with a button to expand it. */
  isFoldable?: boolean;
  children?: ComponentChildren;
};

/** A text is collapsed when it exceeds either limit, so that every collapsed text has something to expand. */
const FOLDED_UNITS = 2_400;
const FOLDED_LINES = 24;

const isLong = (text: string): boolean => text.length > FOLDED_UNITS || text.split("\n", FOLDED_LINES + 1).length > FOLDED_LINES;

/** Renders a message's text, in its own language and direction. `children` follow its end. */
export function MessageText({ text, language, mentions = nobody, isFoldable = false, children }: TextProps) {
  const [isUnfolded, setUnfolded] = useState(false);
  const pieces = markdownOf(text);
  const [only] = pieces;
  const canFold = isFoldable && isLong(text);
  const look = ["message-text", isPictorial(text) && "message-pictorial", canFold && !isUnfolded && "message-text-folded"];
  // The keyboard focus must not move to a link that is collapsed.
  const unfolding = canFold ? { onFocusIn: () => setUnfolded(true) } : {};
  const words = (
    <div class={look.filter(Boolean).join(" ")} dir="auto" {...(language ? { lang: language } : {})} {...unfolding}>
      {pieces.length === 1 && only?.kind === "paragraph" ? (
        <Parts pieces={only.children} mentions={mentions} />
      ) : (
        <Parts pieces={pieces} mentions={mentions} />
      )}
      {children}
    </div>
  );
  if (!canFold) return words;
  return (
    <div class="message-fold">
      {words}
      <button type="button" class="text-button" aria-expanded={isUnfolded} onClick={() => setUnfolded(!isUnfolded)}>
        {tt(isUnfolded ? "showLess" : "showMore")}
      </button>
    </div>
  );
}
