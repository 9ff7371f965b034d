// Runs before the first paint: the colour scheme that this browser was told to keep.
(() => {
  const kept = localStorage.getItem('garrison.scheme');
  if (kept === 'dark' || kept === 'light') document.documentElement.style.colorScheme = kept;
})();
