// Time series around Apache ECharts. Colours come from the stylesheet, so that both themes and any branding hold.
const PREFIX = ['', 'k', 'M', 'G', 'T', 'P'];
const UNITS = { bits: 'bit/s', bytes: 'B', requests: 'req/s', count: '', percent: '%', milliseconds: 'ms' };

function quantity(value, unit) {
  if (value === null || value === undefined || Number.isNaN(value)) return '–';
  if (unit === 'percent') return `${(value * 100).toFixed(value === 1 || value === 0 ? 0 : 1)}\u00a0%`;
  let size = Math.abs(value), step = 0;
  if (unit === 'bits' || unit === 'bytes' || size >= 100000) {
    while (size >= 999.5 && step < PREFIX.length - 1) { size /= 1000; step++; }
  }
  const decimals = Number.isInteger(size) ? 0 : size >= 100 ? 0 : size >= 10 ? 1 : 2;
  const number = (Math.sign(value) * size).toFixed(decimals).replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, '\u202f');
  return `${number}\u00a0${PREFIX[step]}${UNITS[unit] ?? unit ?? ''}`.trimEnd();
}
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const clockSeconds = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const dayClock = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
const full = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short' });
const escape = text => { const span = document.createElement('span'); span.textContent = text; return span.innerHTML; };

class GarrisonChart extends HTMLElement {
  static #canvas;
  #chart; #plot; #table; #toggle; #model; #resize; #theme; #media; #queued;

  connectedCallback() {
    if (!this.#plot) {
      this.#plot = Object.assign(document.createElement('div'), { className: 'plot' });
      this.#table = Object.assign(document.createElement('div'), { className: 'figures', hidden: true, tabIndex: 0 });
      this.#toggle = Object.assign(document.createElement('button'), { type: 'button', className: 'as-table', textContent: 'Table' });
      this.#toggle.addEventListener('click', () => this.#flip());
      this.append(this.#toggle, this.#plot, this.#table);
    }
    this.#resize = new ResizeObserver(() => this.#chart?.resize());
    this.#resize.observe(this.#plot);
    this.#theme = new MutationObserver(() => this.#soon());
    this.#theme.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class', 'theme'] });
    this.#media = matchMedia('(prefers-color-scheme: dark)');
    this.#media.onchange = () => this.#soon();
    this.#soon();
  }

  disconnectedCallback() {
    this.#resize.disconnect(); this.#theme.disconnect(); this.#media.onchange = null;
    this.#chart?.dispose(); this.#chart = undefined;
  }

  set model(model) { this.#model = model; this.#soon(); }
  get model() { return this.#model; }

  #soon() {
    if (this.#queued) return;
    this.#queued = true;
    requestAnimationFrame(() => { this.#queued = false; this.#render(); });
  }

  #flip() {
    const table = this.#table.hidden;
    this.#table.hidden = !table; this.#plot.hidden = table;
    this.#toggle.textContent = table ? 'Chart' : 'Table';
    if (table) this.#fill(); else this.#chart?.resize();
  }

  // ECharts cannot read light-dark() or oklch(): let the browser paint the colour and look at the pixel.
  #colour(name, fallback) {
    const probe = document.createElement('span');
    probe.style.color = name.startsWith('--') ? `var(${name}, ${fallback})` : name;
    this.append(probe);
    const computed = getComputedStyle(probe).color;
    probe.remove();
    const pen = GarrisonChart.#canvas ??= Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
    pen.clearRect(0, 0, 1, 1); pen.fillStyle = computed; pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return `rgba(${r},${g},${b},${(a / 255).toFixed(3)})`;
  }

  #render() {
    const model = this.#model;
    if (!model || !this.isConnected) return;
    if (!window.echarts) { setTimeout(() => this.#soon(), 60); return; }
    const empty = model.series.every(line => line.points.every(point => point[1] === null));
    this.toggleAttribute('empty', empty);
    this.dataset.empty = model.emptyText ?? 'No data in this range';
    if (!this.#chart) {
      this.#chart = window.echarts.init(this.#plot, null, { renderer: 'svg' });
      this.#chart.on('datazoom', event => {
        const area = event.batch?.[0];
        if (area?.startValue !== undefined) {
          this.dispatchEvent(new CustomEvent('range-selected', { detail: { from: Math.round(area.startValue), to: Math.round(area.endValue) } }));
        }
      });
      this.#chart.getZr().on('mousedown', event => { if (event.event.pointerType === 'touch') event.stop(); });
    }
    this.#chart.setOption(this.#option(model), { notMerge: true });
    if (model.zoomable && !matchMedia('(pointer: coarse)').matches) {
      this.#chart.dispatchAction({ type: 'takeGlobalCursor', key: 'dataZoomSelect', dataZoomSelectActive: true });
    }
    this.setAttribute('role', 'figure');
    this.setAttribute('aria-label', this.#summary(model));
    if (!this.#table.hidden) this.#fill();
    this.dataset.ready = 'true';
  }

  #option(model) {
    const text = this.#colour('--vaadin-text-color-secondary', 'gray');
    const strong = this.#colour('--vaadin-text-color', 'black');
    const rule = this.#colour('--garrison-rule', 'lightgray');
    const surface = this.#colour('--garrison-popup', 'white');
    const span = (model.to ?? 0) - (model.from ?? 0);
    const stamp = span > 86400000 * 1.5 ? dayClock : span > 600000 ? clock : clockSeconds;
    const series = model.series.map((line, index) => {
      const colour = this.#colour(line.colour ?? `--garrison-c${index % 6 + 1}`, 'steelblue');
      return {
        name: line.name, type: line.bars ? 'bar' : 'line', data: line.points, stack: line.stack ?? undefined, barMaxWidth: 18,
        showSymbol: line.points.length === 1, symbolSize: 5, connectNulls: false, itemStyle: { color: colour },
        lineStyle: { width: 1.75, color: colour, type: line.dashed ? 'dashed' : 'solid' },
        areaStyle: line.area ? { opacity: line.stack ? .55 : .13, color: colour } : undefined, emphasis: { disabled: true },
        markLine: index === 0 ? this.#marks(model, text) : undefined
      };
    });
    return {
      animation: false, aria: { enabled: false }, textStyle: { fontFamily: getComputedStyle(this).fontFamily, color: text },
      grid: { left: 8, right: 14, top: model.series.length > 1 ? 34 : 24, bottom: 4, containLabel: true },
      legend: model.series.length > 1 ? { top: 0, left: 4, icon: 'roundRect', itemWidth: 10, itemHeight: 10, type: 'scroll',
        textStyle: { color: text, fontSize: 12 }, inactiveColor: rule, pageTextStyle: { color: text } } : undefined,
      toolbox: { show: true, right: -100, feature: { dataZoom: { yAxisIndex: 'none' } } },
      tooltip: { trigger: 'axis', backgroundColor: surface, borderColor: rule, textStyle: { color: strong, fontSize: 12 }, confine: true,
        axisPointer: { lineStyle: { color: text, type: 'dotted' } },
        formatter: points => `<b>${full.format(points[0].value[0])}</b>` + points.map(point =>
          `<br>${point.marker}${escape(point.seriesName)} <span style="float:right;margin-left:1.5em;font-variant-numeric:tabular-nums">${quantity(point.value[1], model.unit)}</span>`).join('') },
      xAxis: { type: 'time', min: model.from ?? undefined, max: model.to ?? undefined, axisLine: { lineStyle: { color: rule } }, axisTick: { show: false },
        axisLabel: { color: text, hideOverlap: true, formatter: moment => stamp.format(moment) }, splitLine: { show: false } },
      yAxis: { type: 'value', min: 0, max: model.ceiling ?? undefined, splitNumber: 4, minInterval: model.unit === 'count' ? 1 : undefined,
        axisLabel: { color: text, formatter: value => quantity(value, model.unit) }, splitLine: { lineStyle: { color: rule, width: 1 } } },
      series
    };
  }

  #marks(model, text) {
    const data = [];
    for (const limit of model.limits ?? []) {
      data.push({ yAxis: limit.value, lineStyle: { color: this.#colour('--garrison-bad', 'red'), type: 'dashed' },
        label: { formatter: `${limit.name} ${quantity(limit.value, model.unit)}`, position: 'insideEndTop', color: this.#colour('--garrison-bad', 'red') } });
    }
    for (const event of model.events ?? []) {
      data.push({ xAxis: event.at, lineStyle: { color: text, type: 'dotted' }, label: { formatter: event.name, color: text, position: 'insideEndTop', rotate: 0 } });
    }
    return data.length ? { silent: true, symbol: 'none', data } : undefined;
  }

  #summary(model) {
    return model.series.map(line => {
      const known = line.points.filter(point => point[1] !== null).map(point => point[1]);
      return known.length ? `${line.name}: now ${quantity(known.at(-1), model.unit)}, highest ${quantity(known.reduce((a, b) => Math.max(a, b)), model.unit)}` : `${line.name}: no data`;
    }).join('; ');
  }

  #fill() {
    const model = this.#model, moments = [...new Set(model.series.flatMap(line => line.points.map(point => point[0])))].sort((a, b) => b - a);
    const values = model.series.map(line => new Map(line.points));
    this.#table.innerHTML = `<table><thead><tr><th>Time</th>${model.series.map(line => `<th>${escape(line.name)}</th>`).join('')}</tr></thead><tbody>${
      moments.slice(0, 1000).map(moment => `<tr><td>${full.format(moment)}</td>${values.map(of => `<td>${quantity(of.get(moment), model.unit)}</td>`).join('')}</tr>`).join('')}</tbody></table>`;
  }
}
customElements.get('garrison-chart') || customElements.define('garrison-chart', GarrisonChart);
