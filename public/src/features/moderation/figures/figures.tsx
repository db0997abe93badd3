import { useEffect, useState } from "preact/hooks";
import type { FiguresDto } from "../../../../../utils/contract/schemas/moderation/records.ts";
import { type ApiError, toApiError } from "../../../api.ts";
import { daysOf, languageNamed, locale, number } from "../../../locales/index.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { Trouble } from "../../../shared/ui/form.tsx";
import { lazyPart } from "../../../shared/ui/lazy-part.tsx";
import { Skeleton } from "../../../shared/ui/skeleton.tsx";
import { getFigures } from "../api.ts";
import { Choices } from "../fields.tsx";
import { durationName, percent } from "../texts.ts";

/** The library for charts is loaded only here. */
const Chart = lazyPart(() => import("./chart.tsx").then((file) => file.Chart));

const periods: readonly number[] = [7, 30, 90];

const orNone = <Value,>(value: Value | null, format: (value: Value) => string): string =>
  value === null ? tc("modNoFigure") : format(value);

const decimal = (value: number): string => new Intl.NumberFormat(locale.value, { maximumFractionDigits: 1 }).format(value);

const Tiles = ({ figures }: { figures: FiguresDto }) => (
  <dl class="mod-tiles">
    {[
      [tc("modFirstAction"), orNone(figures.medianFirstActionMs, durationName)],
      [tc("modOpenCases"), number(figures.openCases)],
      [tc("modOldest"), orNone(figures.oldestOpenMs, durationName)],
      [tc("modReversalRate"), orNone(figures.reversalRate, percent)],
      [tc("modPerThousand"), orNone(figures.reportsPerThousandMessages, decimal)],
    ].map(([title, value]) => (
      <div key={title}>
        <dt>{title}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);

const day = (text: string): string =>
  new Intl.DateTimeFormat(locale.value, { day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(`${text}T00:00:00Z`));

const columns = ["reports", "actions", "appeals", "messages"] as const;
const titles = {
  reports: "modSeriesReports",
  actions: "modSeriesActions",
  appeals: "modSeriesAppeals",
  messages: "modSeriesMessages",
} as const;

/** Renders the same numbers as the charts as a table. */
const DayTable = ({ series }: { series: FiguresDto["series"] }) => (
  <details class="mod-table-details">
    <summary>{tc("modTable")}</summary>
    <section class="mod-table" tabIndex={0} aria-label={`${tc("modByDay")}: ${tc("modTable")}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">{tc("modDay")}</th>
            {columns.map((column) => (
              <th key={column} scope="col">
                {tc(titles[column])}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {[...series].reverse().map((one) => (
            <tr key={one.day}>
              <th scope="row">{day(one.day)}</th>
              {columns.map((column) => (
                <td key={column}>{number(one[column])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  </details>
);

const LanguageTable = ({ rows }: { rows: FiguresDto["byLanguage"] }) => (
  <section class="mod-table" tabIndex={0} aria-label={`${tc("modByLanguage")}: ${tc("modTable")}`}>
    <table>
      <thead>
        <tr>
          <th scope="col">{tc("modFilterLanguage")}</th>
          <th scope="col">{tc("modAllCases")}</th>
          <th scope="col">{tc("modOpenCases")}</th>
          <th scope="col">{tc("modFirstAction")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ languageCode, cases, openCases, medianFirstActionMs }) => (
          <tr key={languageCode ?? ""}>
            <th scope="row">{languageCode === null ? tc("modUnknownLanguage") : languageNamed(languageCode)}</th>
            <td>{number(cases)}</td>
            <td>{number(openCases)}</td>
            <td>{orNone(medianFirstActionMs, durationName)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </section>
);

function Loaded({ figures }: { figures: FiguresDto }) {
  const { series, byLanguage } = figures;
  const lines = (names: readonly ("reports" | "actions" | "appeals" | "messages")[]) =>
    names.map((name) => ({ name: tc(titles[name]), values: series.map((one) => one[name]) }));
  const days = series.map((one) => one.day);
  return (
    <>
      <Tiles figures={figures} />
      <section class="mod-part" aria-labelledby="mod-by-day">
        <h3 id="mod-by-day">{tc("modByDay")}</h3>
        <Chart label={tc("modChartLabel")} days={days} lines={lines(["reports", "actions", "appeals"])} />
        <Chart label={tc("modChartMessages")} days={days} lines={lines(["messages"])} />
        <DayTable series={series} />
      </section>
      {byLanguage.length > 0 && (
        <section class="mod-part" aria-labelledby="mod-by-language">
          <h3 id="mod-by-language">{tc("modByLanguage")}</h3>
          <LanguageTable rows={byLanguage} />
        </section>
      )}
    </>
  );
}

/** Shows how the moderation works: times, backlog, reversals, and the numbers of each day. */
export function Figures() {
  const [days, setDays] = useState(30);
  const [figures, setFigures] = useState<FiguresDto | ApiError | null>(null);
  useEffect(() => {
    let isWanted = true;
    void getFigures(days)
      .catch(toApiError)
      .then((next) => isWanted && setFigures(next));
    return () => {
      isWanted = false;
    };
  }, [days]);
  return (
    <>
      <header class="mod-page-head">
        <h2>{tc("modFigures")}</h2>
      </header>
      <Choices
        name="period"
        legend={tc("modFiguresPeriod")}
        options={periods.map((value) => ({ value, label: daysOf(value) }))}
        chosen={days}
        onChange={setDays}
      />
      {figures === null && <Skeleton lines={6} />}
      {figures instanceof Error && <Trouble refusal={figures} />}
      {figures !== null && !(figures instanceof Error) && <Loaded figures={figures} />}
    </>
  );
}
