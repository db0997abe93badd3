import { ListFilter, Plus } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { RuleDto } from "../../../../../utils/contract/schemas/moderation/rules.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { go, goInstead } from "../../../shared/state/route.ts";
import { offerUndo } from "../../../shared/state/undo.ts";
import { Icon } from "../../../shared/ui/icon.tsx";
import { Notice } from "../../../shared/ui/notice.tsx";
import { Skeleton } from "../../../shared/ui/skeleton.tsx";
import { deleteRule, listRules } from "../api.ts";
import { say } from "../live-region.tsx";
import { PageList } from "../page-list.tsx";
import { widestScope } from "../place-select.tsx";
import { usePages } from "../use-pages.ts";
import { draftOfRule, newRule } from "./rule-draft.ts";
import { RuleForm } from "./rule-form.tsx";
import { RuleItem } from "./rule-item.tsx";

const back = (): void => goInstead("/moderation/rules");

function Title({ text }: { text: string }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  return (
    <h2 ref={heading} tabIndex={-1}>
      {text}
    </h2>
  );
}

const NewLink = () => (
  <a class="button button-main" href="/moderation/rules/new">
    <Icon icon={Plus} size={17} /> {tc("modRuleNew")}
  </a>
);

/** Lists the rules, or shows the form of one of them. */
export function Rules({ id }: { id: string | null }) {
  const pages = usePages(listRules);
  /** Rules that are deleted here, while that can be undone. */
  const [leaving, setLeaving] = useState<ReadonlySet<string>>(new Set());
  const known = pages.items?.find((one) => one.id === id) ?? null;

  const onSaved = (rule: RuleDto) => {
    pages.change((all) => [
      ...(all.some((one) => one.id === rule.id) ? [] : [rule]),
      ...all.map((one) => (one.id === rule.id ? rule : one)),
    ]);
    say(tc("modRuleSaved"));
    back();
  };
  const remove = (rule: RuleDto) => {
    const keep = async (): Promise<void> => setLeaving((now) => new Set([...now].filter((one) => one !== rule.id)));
    const finish = (): void =>
      void deleteRule(rule.id, { isLast: true })
        .catch(() => null)
        .then(pages.reload);
    setLeaving((now) => new Set([...now, rule.id]));
    offerUndo({ text: tc("modRuleDeleted"), undo: keep, finish });
  };

  if (id !== null && id !== "new" && pages.items === null) return <Skeleton lines={5} />;
  if (id === "new" || known)
    return (
      <>
        <header class="mod-page-head">
          <Title text={tc(known ? "modRuleEdit" : "modRuleNew")} />
        </header>
        <RuleForm key={id} rule={known} start={known ? draftOfRule(known) : newRule(widestScope())} onSaved={onSaved} onCancel={back} />
      </>
    );
  return (
    <>
      <header class="mod-page-head mod-page-head-action">
        <div>
          <h2>{tc("modRules")}</h2>
          <p class="mod-dim">{tc("modRulesText")}</p>
        </div>
        <NewLink />
      </header>
      <PageList pages={pages} empty={<Notice icon={ListFilter} title={tc("modRulesNone")} text={tc("modRulesNoneText")} />}>
        {(items) => (
          <ul class="mod-rules">
            {items
              .filter((rule) => !leaving.has(rule.id))
              .map((rule) => (
                <RuleItem
                  key={rule.id}
                  rule={rule}
                  onEdit={() => go(`/moderation/rules/${rule.id}`)}
                  onDelete={() => remove(rule)}
                  onChange={(next) => pages.change((all) => all.map((one) => (one.id === next.id ? next : one)))}
                  onReload={pages.reload}
                />
              ))}
          </ul>
        )}
      </PageList>
    </>
  );
}
