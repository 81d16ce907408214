import { type EChartsOption, init } from 'echarts';

/** A chart, and the name of its file without the ending. */
export interface Chart {
  readonly name: string;
  readonly option: EChartsOption;
}

const WIDTH = 760;
const HEIGHT = 360;
const INK = '#24292f';
const FAINT = '#d8dee4';

/** Told apart also by those who do not see red and green as others do (Okabe and Ito). */
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000', '#999999'];

/** What all charts share: a background of their own, so that they can be read on a dark page too. */
const STYLE: EChartsOption = {
  animation: false,
  backgroundColor: '#ffffff',
  color: COLOURS,
  textStyle: { fontFamily: 'Helvetica, Arial, sans-serif', color: INK },
};

/** Draws a chart as the text of an SVG file, without a browser. */
export function svgOf({ option }: Chart): string {
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  try {
    chart.setOption({ ...STYLE, ...option });
    return `${chart.renderToSVGString()}\n`;
  } finally {
    chart.dispose();
  }
}

/** A heading with room for two lines of legend below it. */
export function heading(text: string, subtext: string): EChartsOption {
  return {
    title: {
      text,
      subtext,
      left: 16,
      top: 10,
      itemGap: 4,
      textStyle: { fontSize: 16, color: INK },
      subtextStyle: { fontSize: 12, color: INK },
    },
    legend: {
      left: 16,
      right: 16,
      bottom: 6,
      itemGap: 24,
      itemWidth: 14,
      itemHeight: 8,
      textStyle: { fontSize: 11, color: INK },
    },
    grid: { left: 64, right: 84, top: 70, bottom: 84 },
  };
}

/** An axis with a name, in the middle of it. */
export function named(name: string, gap: number): object {
  return {
    name,
    nameLocation: 'middle',
    nameGap: gap,
    nameTextStyle: { fontSize: 12, color: INK },
    axisLabel: { color: INK, fontSize: 11 },
    axisLine: { lineStyle: { color: INK } },
    splitLine: { lineStyle: { color: FAINT } },
  };
}

/** A line across a chart that says what was aimed at. */
export function aimAt(value: number, words: string): object {
  return {
    markLine: {
      silent: true,
      symbol: 'none',
      lineStyle: { color: INK, type: 'dashed' },
      label: { formatter: words, color: INK, fontSize: 11, position: 'end' },
      data: [{ yAxis: value }],
    },
  };
}
