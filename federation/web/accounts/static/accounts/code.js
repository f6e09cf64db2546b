// Takes the code from behind the # of the address, which never leaves the browser, and wipes it there.
(() => {
  const code = window.location.hash.slice(1);
  const field = document.getElementById("id_code");
  if (code && field) {
    field.value = code;
    window.history.replaceState(null, "", window.location.pathname);
  }
})();
