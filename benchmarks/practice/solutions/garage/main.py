import argparse
import sys

from garage.service import Garage


def main():
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    enter = commands.add_parser("enter")
    enter.add_argument("plate")
    enter.add_argument("kind")
    commands.add_parser("leave").add_argument("plate")
    commands.add_parser("free")
    commands.add_parser("parked")
    commands.add_parser("find").add_argument("text")
    args = parser.parse_args()
    garage = Garage("garage.db")
    try:
        if args.command == "enter":
            garage.enter(args.plate, args.kind)
        elif args.command == "leave":
            print(garage.leave(args.plate))
        elif args.command == "free":
            print(garage.free())
        elif args.command == "parked":
            for plate in garage.parked():
                print(plate)
        else:
            for car in garage.find(args.text):
                print(f"{car.plate} | {car.kind}")
    except (ValueError, KeyError) as error:
        sys.exit(f"error: {error}")


main()
