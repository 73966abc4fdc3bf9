import argparse
import sys

import storage


def line(number, item):
    tags = f" [{', '.join(item['tags'])}]" if item["tags"] else ""
    return f"{number}: {item['title']} <{item['url']}>{tags}"


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add")
    add.add_argument("url")
    add.add_argument("title")
    add.add_argument("--tag", action="append", default=[])
    commands.add_parser("list").add_argument("--tag")
    commands.add_parser("find").add_argument("word")
    commands.add_parser("remove").add_argument("number")
    args = parser.parse_args()
    try:
        if args.command == "add":
            print(f"书签 {storage.add(args.url, args.title, args.tag)}")
        elif args.command == "remove":
            storage.remove(args.number)
        elif args.command == "list":
            for number, item in storage.items(lambda item: not args.tag or args.tag in item["tags"]):
                print(line(number, item))
        else:
            word = args.word.casefold()
            for number, item in storage.items(lambda i: word in i["title"].casefold() or word in i["url"].casefold()):
                print(line(number, item))
    except ValueError as error:
        sys.exit(str(error))


main()
