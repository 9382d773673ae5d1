// Uploads with npm's imgbb-uploader: node imgbb.js '{"cheveretoHost": …}' prints the answer.
"use strict";
const upload = require("imgbb-uploader");

upload(JSON.parse(process.argv[2])).then(
  (answer) => console.log(JSON.stringify(answer)),
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
