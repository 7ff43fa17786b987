// Says it on the page when a passkey did not work, instead of in the browser's console only.
"use strict";
document.addEventListener("allauth.error", (event) => {
  const notice = document.getElementById("passkey_failed");
  if (!notice) return;
  event.preventDefault();
  document.getElementById("content").prepend(notice);
  notice.hidden = false;
});
