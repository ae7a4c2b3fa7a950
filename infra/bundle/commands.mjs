/** Takes the place of `@aws-sdk/lib-dynamodb` in ElectroDB, which looks its commands up by name: the client's other commands are shaken off. */
export {
  BatchGetCommand,
  BatchWriteCommand,
  DeleteCommand,
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactGetCommand,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
