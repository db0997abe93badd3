import type { ComponentChildren } from "preact";
import { tt } from "../locales/talk/index.ts";
import { faceNamed, faceOf } from "../state/faces.ts";
import { myself } from "../state/session.ts";
import { shownPerson } from "../state/showing.ts";
import { isPictorial } from "./letters.ts";
import { markdownOf, type Piece } from "./markdown.ts";
import type { Named } from "./people-in-text.ts";

type Mentions = readonly string[];

/** Somebody named in a text, by their present name. Whom the server did not find is just a word. */
function Person({ named, mentions }: { named: Named; mentions: Mentions }) {
  const { userId, username, written } = named;
  const face = userId ? faceOf(userId) : username ? faceNamed(username, mentions) : null;
  if (!face || (userId && !mentions.includes(userId))) return <>{userId ? `@${face?.displayName ?? tt("somebody")}` : written}</>;
  const isMe = face.id === myself.value?.id;
  const open = () => {
    shownPerson.value = { avatarUrl: null, kind: "member", role: "member", ...face };
  };
  return (
    <button type="button" class={isMe ? "named named-me" : "named"} onClick={open}>
      @<bdi>{face.displayName}</bdi>
    </button>
  );
}

/** A link as it is: where its words would lead astray, the true host stands beside it. */
function Anchor({ piece, children }: { piece: Extract<Piece, { kind: "link" }>; children: ComponentChildren }) {
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

function Part({ piece, mentions }: { piece: Piece; mentions: Mentions }) {
  if (piece.kind === "text") return <>{piece.text}</>;
  if (piece.kind === "person") return <Person named={piece.named} mentions={mentions} />;
  if (piece.kind === "code") return <code dir="auto">{piece.text}</code>;
  if (piece.kind === "block")
    return (
      <pre tabIndex={0} dir="auto">
        <code>{piece.text}</code>
      </pre>
    );
  const children = <Parts pieces={piece.children} mentions={mentions} />;
  if (piece.kind === "emphasis") return <em>{children}</em>;
  if (piece.kind === "strong") return <strong>{children}</strong>;
  if (piece.kind === "struck") return <s>{children}</s>;
  if (piece.kind === "quote") return <blockquote>{children}</blockquote>;
  if (piece.kind === "item") return <li>{children}</li>;
  if (piece.kind === "paragraph") return <p>{children}</p>;
  if (piece.kind === "link") return <Anchor piece={piece}>{children}</Anchor>;
  if (piece.kind === "list") return piece.start === null ? <ul>{children}</ul> : <ol start={piece.start}>{children}</ol>;
  return null;
}

const Parts = ({ pieces, mentions }: { pieces: readonly Piece[]; mentions: Mentions }) => (
  <>
    {pieces.map((piece, at) => (
      <Part key={at} piece={piece} mentions={mentions} />
    ))}
  </>
);

const nobody: Mentions = [];

type TextProps = { text: string; language: string | null; mentions?: Mentions; children?: ComponentChildren };

/** What somebody wrote, in its own language and direction. `children` follow its last word. */
export function MessageText({ text, language, mentions = nobody, children }: TextProps) {
  const pieces = markdownOf(text);
  const [only] = pieces;
  const look = isPictorial(text) ? "message-text message-pictorial" : "message-text";
  return (
    <div class={look} dir="auto" {...(language ? { lang: language } : {})}>
      {pieces.length === 1 && only?.kind === "paragraph" ? (
        <Parts pieces={only.children} mentions={mentions} />
      ) : (
        <Parts pieces={pieces} mentions={mentions} />
      )}
      {children}
    </div>
  );
}
