// Moments that stay current without the server: "3 minutes ago", with the absolute time and its zone on hover.
const STEPS = [[60, 'second'], [3600, 'minute'], [86400, 'hour'], [2592000, 'day'], [31536000, 'month'], [Infinity, 'year']];
const SIZE = { second: 1, minute: 60, hour: 3600, day: 86400, month: 2592000, year: 31536000 };
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto', style: 'short' });
const absolute = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit', timeZoneName: 'short'
});
const short = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit'
});
const far = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit' });
// seconds matter today; the year does when it is another one, or will soon be
const fixedWords = moment => Math.abs(moment - Date.now()) > 60 * 86400000 ? far.format(moment) : short.format(moment);
const all = new Set();
setInterval(() => all.forEach(one => one.refresh()), 1000);

function inWords(moment) {
  const seconds = (moment - Date.now()) / 1000;
  if (Math.abs(seconds) < 2) return 'just now';
  const unit = STEPS.find(([limit]) => Math.abs(seconds) < limit)[1];
  return relative.format(Math.trunc(seconds / SIZE[unit]), unit);
}

class GarrisonTime extends HTMLElement {
  static observedAttributes = ['at', 'absolute'];
  #moment;
  connectedCallback() { all.add(this); this.refresh(); }
  disconnectedCallback() { all.delete(this); }
  attributeChangedCallback(name, before, value) { if (name === 'at') this.at = value; else this.refresh(); }
  set at(text) {
    const moment = text ? new Date(text) : null;
    this.#moment = moment && !isNaN(moment) ? moment : null;
    this.refresh();
  }
  get at() { return this.#moment?.toISOString() ?? ''; }
  refresh() {
    const fixed = this.hasAttribute('absolute');
    const text = !this.#moment ? 'never' : fixed ? fixedWords(this.#moment) : inWords(this.#moment);
    const title = !this.#moment ? '' : fixed ? `${absolute.format(this.#moment)}, ${inWords(this.#moment)}` : absolute.format(this.#moment);
    if (this.textContent !== text) this.textContent = text;
    if (this.title !== title) this.title = title;
  }
}
customElements.get('garrison-time') || customElements.define('garrison-time', GarrisonTime);
