import argparse
import sys

import book


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    add = commands.add_parser("add")
    add.add_argument("name")
    add.add_argument("--phone")
    add.add_argument("--email")
    commands.add_parser("list")
    for name, argument in (("show", "name"), ("find", "text"), ("remove", "name")):
        commands.add_parser(name).add_argument(argument)
    args = parser.parse_args()
    try:
        if args.command == "add":
            book.add(args.name, args.phone, args.email)
        elif args.command == "show":
            contact = book.get(args.name)
            print(f"name: {args.name}")
            for key in ("phone", "email"):
                print(f"{key}: {contact[key] or '-'}")
        elif args.command == "remove":
            book.remove(args.name)
        else:
            for name in book.names() if args.command == "list" else book.find(args.text):
                print(name)
    except KeyError as error:
        sys.exit(f"unknown name: {error.args[0]}")
    except ValueError as error:
        sys.exit(str(error))


main()
