import { Check, Copy, WrapText } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { CodeLanguage } from "../code/languages.ts";
import type { Token } from "../code/tokens.ts";
import { t } from "../locales/index.ts";
import { tt } from "../locales/room/index.ts";
import { Icon } from "../shared/ui/icon.tsx";
import { useCopy } from "../shared/ui/use-copy.ts";

/** Minimum length of a line, in UTF-16 units, that may exceed the block's width: a longer line adds a wrap button. */
const LONG_LINE = 48;

type Tokens = readonly Token[] | null;

/** Returns the tokens of a block once it has been visible and tokenized; null before that, and for blocks that stay plain. */
function useTokens(text: string, language: CodeLanguage | null) {
  const block = useRef<HTMLDivElement>(null);
  const [tokens, setTokens] = useState<Tokens>(null);
  useEffect(() => {
    setTokens(null);
    const element = block.current;
    if (element === null || language === null) return;
    let isWanted = true;
    const show = (found: Tokens) => {
      if (isWanted) setTokens(found);
    };
    const seen = new IntersectionObserver((entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      seen.disconnect();
      // Highlighting is optional: if it fails to load, the code stays plain.
      void import("../code/colour.ts").then((file) => file.colour(language, text)).then(show, () => undefined);
    });
    seen.observe(element);
    return () => {
      isWanted = false;
      seen.disconnect();
    };
  }, [text, language]);
  return { block, tokens };
}

const Coloured = ({ tokens }: { tokens: readonly Token[] }) => (
  <>
    {tokens.map(({ text, look }, at) =>
      look === null ? (
        text
      ) : (
        <span key={at} class={`code-${look}`}>
          {text}
        </span>
      ),
    )}
  </>
);

function WrapButton({ isWrapped, onToggle }: { isWrapped: boolean; onToggle: () => void }) {
  const label = tt("wrapLines");
  return (
    <button type="button" class="icon-button code-tool" aria-label={label} title={label} aria-pressed={isWrapped} onClick={onToggle}>
      <Icon icon={WrapText} size={15} />
    </button>
  );
}

/** Renders code as written, with syntax highlighting, horizontal scrolling or wrapping, and a copy button. */
export function CodeBlock({ text, language }: { text: string; language: CodeLanguage | null }) {
  const { isCopied, copy } = useCopy();
  const [isWrapped, setWrapped] = useState(false);
  const { block, tokens } = useTokens(text, language);
  const label = t(isCopied ? "copied" : "copy");
  const isLong = text.split("\n").some((line) => line.length > LONG_LINE);
  const looks = ["text-block code-block", isLong && "code-block-long", isWrapped && "code-block-wrapped"];
  return (
    <div class={looks.filter(Boolean).join(" ")} ref={block}>
      <pre tabIndex={0} dir="auto" {...(language ? { "data-language": language } : {})}>
        <code>{tokens ? <Coloured tokens={tokens} /> : text}</code>
      </pre>
      <div class="code-tools">
        {isLong && <WrapButton isWrapped={isWrapped} onToggle={() => setWrapped(!isWrapped)} />}
        <button type="button" class="icon-button code-tool code-copy" aria-label={label} title={label} onClick={() => copy(text)}>
          <Icon icon={isCopied ? Check : Copy} size={15} />
        </button>
      </div>
    </div>
  );
}
